
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_drafts'),
        ('documents', '0002_zone'),
        ('procurement', '0005_walls_of_people_and_rules'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='penalty',
            name='facts_fixed',
        ),
        migrations.AddField(
            model_name='penalty',
            name='corrected_words',
            field=models.TextField(blank=True, verbose_name='pourquoi malgré le chiffre corrigé'),
        ),
        migrations.AddField(
            model_name='penalty',
            name='definition_ref',
            field=models.CharField(blank=True, max_length=60, verbose_name='définition'),
        ),
        migrations.AddField(
            model_name='penalty',
            name='figure_ref',
            field=models.UUIDField(blank=True, null=True, verbose_name='chiffre arrêté'),
        ),
        migrations.AddField(
            model_name='penalty',
            name='figure_sha256',
            field=models.CharField(blank=True, max_length=64, verbose_name='empreinte du chiffre'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='penalty',
            trigger=pgtrigger.compiler.Trigger(name='facts_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."measured" IS DISTINCT FROM (NEW."measured") OR OLD."numerator" IS DISTINCT FROM (NEW."numerator") OR OLD."denominator" IS DISTINCT FROM (NEW."denominator") OR OLD."computed_amount_excl_tax" IS DISTINCT FROM (NEW."computed_amount_excl_tax") OR OLD."trace" IS DISTINCT FROM (NEW."trace") OR OLD."figure_ref" IS DISTINCT FROM (NEW."figure_ref") OR OLD."figure_sha256" IS DISTINCT FROM (NEW."figure_sha256") OR OLD."definition_ref" IS DISTINCT FROM (NEW."definition_ref") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8de22a3c55844bf6a78b8873c2efb692aeab745c', operation='UPDATE', pgid='pgtrigger_facts_fixed_b91f8', table='procurement_penalty', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='penalty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('definition_ref', ''), ('figure_ref__isnull', True), ('figure_sha256', '')), models.Q(('figure_ref__isnull', False), ('figure_sha256__regex', '^[0-9a-f]{64}$'), models.Q(('definition_ref', ''), _negated=True)), _connector='OR'), name='penalty_figure_whole', violation_error_message='Un chiffre arrêté porte sa page, son empreinte et sa définition.'),
        ),
    ]
