import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """The single need goes; the new columns are as fixed as the other facts."""

    dependencies = [("beneficiaries", "0005_fill_request_needs")]

    operations = [
        # The way back needs a value for the rows, until 0005 gives each its own.
        migrations.AlterField(
            model_name="servicerequest",
            name="need",
            field=models.CharField(db_default="OTHER", max_length=20, verbose_name="besoin"),
        ),
        migrations.RemoveField(model_name="servicerequest", name="need"),
        pgtrigger.migrations.AddTrigger(
            model_name='servicerequest',
            trigger=pgtrigger.compiler.Trigger(name='facts_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."situation" IS DISTINCT FROM (NEW."situation") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."commune_basis" IS DISTINCT FROM (NEW."commune_basis") OR OLD."needs" IS DISTINCT FROM (NEW."needs") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."access_needs" IS DISTINCT FROM (NEW."access_needs") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ceabbe5649793e29d6bf7f2c81d708e9edb45a06', operation='UPDATE', pgid='pgtrigger_facts_fixed_974c5', table='beneficiaries_servicerequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.CheckConstraint(condition=models.Q(('needs__contained_by', ['TAKE_STOCK', 'CHANGE_JOB', 'TRAINING', 'CREATE_BUSINESS', 'RESIGN_TO_RETRAIN', 'GROW', 'OTHER']), ('needs__len__gt', 0)), name='request_needs_known', violation_error_message='Une demande a au moins un besoin de la liste.'),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.CheckConstraint(condition=models.Q(('urgency__in', ['NO_HURRY', 'WITHIN_MONTH', 'RESIGNATION', 'CONTRACT_END', 'DISMISSAL'])), name='request_urgency_known', violation_error_message='L’urgence est dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.CheckConstraint(condition=models.Q(('access_needs__contained_by', ['STEP_FREE', 'SIGN_LANGUAGE', 'EASY_TO_READ', 'PHONE_RELAY', 'INTERPRETER', 'COMPANION'])), name='request_access_needs_known', violation_error_message='Les besoins d’accès sont dans la liste.'),
        ),
    ]
