import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('beneficiaries', '0004_rights'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='servicerequest',
            name='facts_fixed',
        ),
        migrations.AddField(
            model_name='servicerequest',
            name='is_delivered',
            field=models.BooleanField(db_default=False, default=False, verbose_name='remontée par l’opérateur'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicerequest',
            trigger=pgtrigger.compiler.Trigger(name='facts_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."situation" IS DISTINCT FROM (NEW."situation") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."commune_basis" IS DISTINCT FROM (NEW."commune_basis") OR OLD."needs" IS DISTINCT FROM (NEW."needs") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."access_needs" IS DISTINCT FROM (NEW."access_needs") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."is_delivered" IS DISTINCT FROM (NEW."is_delivered"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f16c768d8e1dccea980bf169cbbb4846809190ca', operation='UPDATE', pgid='pgtrigger_facts_fixed_974c5', table='beneficiaries_servicerequest', when='BEFORE')),
        ),
    ]
