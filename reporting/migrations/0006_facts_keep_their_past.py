import cep_portal.common.marks
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# What is there was told once: no version of before is known of it (« séries sans second mémoire », ADR 0067).
KNOWN_SINCE = """
UPDATE reporting_survey SET known_from = coalesce(answered_at, sent_at);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_portal_now'),
        ('operators', '0035_facts_keep_their_past'),
        ('reporting', '0005_windows_and_readers'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerSurvey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.BigIntegerField(db_index=True, verbose_name='clé de la ligne')),
                ('known_from', models.DateTimeField(verbose_name='connu depuis')),
                ('known_until', models.DateTimeField(db_index=True, verbose_name='connu jusqu’à')),
                ('changed_xid', cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par')),
                ('pathway_id', models.BigIntegerField(verbose_name='parcours')),
                ('kind', models.CharField(choices=[('AT_CLOSING', 'à la fin du parcours')], max_length=12, verbose_name='moment')),
                ('level', models.CharField(choices=[('ONE', 'niveau 1'), ('TWO', 'niveau 2')], max_length=3, verbose_name='niveau atteint')),
                ('sent_at', models.DateTimeField(verbose_name='envoyée le')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='répondue le')),
                ('answered_on', models.DateField(null=True, verbose_name='jour de réponse')),
                ('satisfaction', models.PositiveSmallIntegerField(choices=[(4, 'Très satisfait'), (3, 'Satisfait'), (2, 'Peu satisfait'), (1, 'Pas du tout satisfait')], null=True, verbose_name='satisfaction')),
            ],
            options={
                'verbose_name': 'enquête d’avant',
                'db_table': 'reporting_survey_former',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='survey',
            name='changed_xid',
            field=cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par'),
        ),
        migrations.AddField(
            model_name='survey',
            name='known_from',
            field=models.DateTimeField(db_default=cep_portal.common.marks.PresentInstant(), editable=False, verbose_name='connu depuis'),
        ),
        migrations.RunSQL(KNOWN_SINCE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='survey',
            index=models.Index(fields=['changed_xid', 'id'], name='survey_changed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='written_by', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction, OLD.changed_xid) IS DISTINCT FROM (NEW.pathway_id, NEW.kind, NEW.level, NEW.sent_at, NEW.answered_at, NEW.answered_on, NEW.satisfaction, NEW.changed_xid))', func='NEW.changed_xid := pg_current_xact_id(); RETURN NEW;', hash='b4b8166dab7b8fcac0dec4e1a6ea2107b9c3d580', operation='UPDATE', pgid='pgtrigger_written_by_e5a80', table='reporting_survey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='known_since', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction) IS DISTINCT FROM (NEW.pathway_id, NEW.kind, NEW.level, NEW.sent_at, NEW.answered_at, NEW.answered_on, NEW.satisfaction) AND true) OR OLD.known_from IS DISTINCT FROM NEW.known_from)', func='\n    IF ((OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction) IS DISTINCT FROM (NEW.pathway_id, NEW.kind, NEW.level, NEW.sent_at, NEW.answered_at, NEW.answered_on, NEW.satisfaction) AND true) THEN\n        NEW.known_from := greatest(portal_now(), OLD.known_from);\n    ELSE\n        NEW.known_from := OLD.known_from;\n    END IF;\n    RETURN NEW;\n', hash='6e6d0fa65f943be9ad5e00f8e3bfd17311cf0d73', operation='UPDATE', pgid='pgtrigger_known_since_9fbda', table='reporting_survey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='past_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction) IS DISTINCT FROM (NEW.pathway_id, NEW.kind, NEW.level, NEW.sent_at, NEW.answered_at, NEW.answered_on, NEW.satisfaction) AND true) AND true AND (OLD.known_from, OLD.changed_xid) IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))', func='\n    INSERT INTO reporting_survey_former (source_id, known_from, known_until, pathway_id, kind, level, sent_at, answered_at, answered_on, satisfaction)\n    VALUES (OLD.id, OLD.known_from, NEW.known_from, OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction);\n    RETURN NULL;\n', hash='ef582d9dea94d293ef74d2916cabb80d5f517193', operation='UPDATE', pgid='pgtrigger_past_kept_c5e7f', table='reporting_survey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='past_kept_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (true)', func='\n    INSERT INTO reporting_survey_former (source_id, known_from, known_until, pathway_id, kind, level, sent_at, answered_at, answered_on, satisfaction)\n    VALUES (OLD.id, OLD.known_from, greatest(portal_now(), OLD.known_from), OLD.pathway_id, OLD.kind, OLD.level, OLD.sent_at, OLD.answered_at, OLD.answered_on, OLD.satisfaction);\n    RETURN NULL;\n', hash='62b39c3bf6cc1bbab5807cc86a41672ffbce5df2', operation='DELETE', pgid='pgtrigger_past_kept_gone_02350', table='reporting_survey', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='formersurvey',
            index=models.Index(fields=['changed_xid'], name='formersurvey_changed'),
        ),
        migrations.AddConstraint(
            model_name='formersurvey',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__gte', models.F('known_from'))), name='formersurvey_known_in_order', violation_error_message='Ce qui est connu l’est avant de ne plus l’être.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formersurvey',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='df29e039e30659d326518304300ec0cd4e6f2ec0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8691c', table='reporting_survey_former', when='BEFORE')),
        ),
    ]
