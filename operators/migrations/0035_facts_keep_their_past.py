import cep_portal.common.marks
import django.contrib.postgres.fields.ranges
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# What is there was told once: no version of before is known of it (« séries sans second mémoire », ADR 0067).
KNOWN_SINCE = """
UPDATE operators_appointment SET known_from = CASE state
    WHEN 'CANCELLED' THEN cancelled_at
    WHEN 'ATTENDED' THEN greatest(booked_at, lower(period))
    WHEN 'NO_SHOW' THEN greatest(booked_at, lower(period))
    ELSE booked_at END
WHERE booked_at IS NOT NULL;
UPDATE operators_counsellingsession SET known_from = recorded_at;
UPDATE operators_pathway AS entered SET known_from = told.at
FROM (SELECT pathway_id, min(recorded_at) AS at FROM operators_counsellingsession GROUP BY pathway_id) AS told
WHERE told.pathway_id = entered.id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_portal_now'),
        ('accounts', '0003_drafts'),
        ('beneficiaries', '0011_facts_keep_their_past'),
        ('operators', '0034_request_handling_untouched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerAppointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.BigIntegerField(db_index=True, verbose_name='clé de la ligne')),
                ('known_from', models.DateTimeField(verbose_name='connu depuis')),
                ('known_until', models.DateTimeField(db_index=True, verbose_name='connu jusqu’à')),
                ('changed_xid', cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par')),
                ('service_request_id', models.BigIntegerField(null=True, verbose_name='demande')),
                ('beneficiary_id', models.BigIntegerField(null=True, verbose_name='personne')),
                ('site_id', models.BigIntegerField(verbose_name='lieu')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='séance')),
                ('level', models.CharField(choices=[('ONE', 'niveau 1'), ('TWO', 'niveau 2')], max_length=3, verbose_name='niveau')),
                ('mode', models.CharField(choices=[('ON_SITE', 'sur place'), ('PHONE', 'par téléphone'), ('VIDEO', 'en visio')], max_length=10, verbose_name='modalité')),
                ('state', models.CharField(choices=[('ON_HOLD', 'retenu'), ('BOOKED', 'pris'), ('ATTENDED', 'honoré'), ('NO_SHOW', 'non honoré'), ('CANCELLED', 'annulé'), ('EXPIRED', 'retenue expirée')], max_length=10, verbose_name='état')),
                ('channel', models.CharField(choices=[('PERSON', 'la personne'), ('INTAKE_OFFICER', 'un chargé d’information'), ('ADVISER', 'un conseiller'), ('PARTNER', 'un partenaire, avec la personne'), ('SOFTWARE', 'le logiciel de l’opérateur')], max_length=15, verbose_name='pris par')),
                ('booked_at', models.DateTimeField(null=True, verbose_name='pris le')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='annulé le')),
                ('cancelled_by', models.CharField(choices=[('PERSON', 'la personne'), ('OPERATOR', 'le service')], max_length=10, verbose_name='annulé par')),
                ('cancel_reason', models.CharField(choices=[('NOT_NEEDED', 'je n’en ai plus besoin'), ('WORK', 'un empêchement au travail'), ('PERSONAL', 'un empêchement personnel'), ('OTHER_DATE', 'je préfère une autre date'), ('MISTAKE', 'pris par erreur'), ('ADVISER_AWAY', 'conseiller absent'), ('SITE_CLOSED', 'lieu fermé'), ('MOVED', 'déplacé'), ('OTHER', 'autre raison')], max_length=20, verbose_name='motif d’annulation')),
                ('moved_from_id', models.BigIntegerField(null=True, verbose_name='déplacé depuis')),
                ('outcome_at', models.DateTimeField(null=True, verbose_name='issue connue le')),
            ],
            options={
                'verbose_name': 'rendez-vous d’avant',
                'db_table': 'operators_appointment_former',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FormerPathway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.BigIntegerField(db_index=True, verbose_name='clé de la ligne')),
                ('known_from', models.DateTimeField(verbose_name='connu depuis')),
                ('known_until', models.DateTimeField(db_index=True, verbose_name='connu jusqu’à')),
                ('changed_xid', cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par')),
                ('beneficiary_id', models.BigIntegerField(verbose_name='personne')),
                ('contract_id', models.BigIntegerField(verbose_name='contrat')),
                ('region_id', models.CharField(max_length=3, verbose_name='région')),
                ('service_request_id', models.BigIntegerField(null=True, verbose_name='demande')),
                ('adviser_id', models.BigIntegerField(verbose_name='conseiller')),
                ('entered_on', models.DateField(verbose_name='entrée')),
                ('state', models.CharField(choices=[('OPEN', 'en cours'), ('CLOSED', 'clos')], max_length=10, verbose_name='état')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='clos le')),
                ('outcome', models.CharField(choices=[('PROJECT_READY', 'Projet prêt à être mis en œuvre'), ('TRAINING_STARTED', 'Formation engagée'), ('JOB_CHANGED', 'Changement d’emploi ou d’activité'), ('NEED_MET', 'Besoin d’information satisfait'), ('STOPPED', 'Arrêt à la demande de la personne'), ('LOST', 'Sans nouvelles de la personne'), ('TRANSFERRED', 'Confié à un autre opérateur')], max_length=20, verbose_name='issue')),
                ('reopened_at', models.DateTimeField(null=True, verbose_name='repris le')),
                ('continues_id', models.BigIntegerField(null=True, verbose_name='poursuit')),
                ('joined_into_id', models.BigIntegerField(null=True, verbose_name='réuni à')),
            ],
            options={
                'verbose_name': 'parcours d’avant',
                'db_table': 'operators_pathway_former',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FormerSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.BigIntegerField(db_index=True, verbose_name='clé de la ligne')),
                ('known_from', models.DateTimeField(verbose_name='connu depuis')),
                ('known_until', models.DateTimeField(db_index=True, verbose_name='connu jusqu’à')),
                ('changed_xid', cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par')),
                ('pathway_id', models.BigIntegerField(verbose_name='parcours')),
                ('appointment_id', models.BigIntegerField(null=True, verbose_name='rendez-vous')),
                ('adviser_id', models.BigIntegerField(verbose_name='conseiller')),
                ('site_id', models.BigIntegerField(verbose_name='lieu')),
                ('starts_at', models.DateTimeField(verbose_name='début')),
                ('zone', models.CharField(max_length=40, verbose_name='fuseau horaire')),
                ('held_on', models.DateField(verbose_name='jour')),
                ('duration_minutes', models.PositiveSmallIntegerField(verbose_name='durée en minutes')),
                ('level', models.CharField(choices=[('ONE', 'niveau 1'), ('TWO', 'niveau 2')], max_length=3, verbose_name='niveau')),
                ('mode', models.CharField(choices=[('ON_SITE', 'sur place'), ('PHONE', 'par téléphone'), ('VIDEO', 'en visio')], max_length=10, verbose_name='modalité')),
                ('recorded_at', models.DateTimeField(verbose_name='saisie le')),
                ('is_unplanned', models.BooleanField(verbose_name='imprévue')),
            ],
            options={
                'verbose_name': 'séance d’avant',
                'db_table': 'operators_counsellingsession_former',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='known_from',
            field=models.DateTimeField(db_default=cep_portal.common.marks.PresentInstant(), editable=False, verbose_name='connu depuis'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='outcome_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='issue connue le'),
        ),
        migrations.AddField(
            model_name='counsellingsession',
            name='known_from',
            field=models.DateTimeField(db_default=cep_portal.common.marks.PresentInstant(), editable=False, verbose_name='connu depuis'),
        ),
        migrations.AddField(
            model_name='pathway',
            name='known_from',
            field=models.DateTimeField(db_default=cep_portal.common.marks.PresentInstant(), editable=False, verbose_name='connu depuis'),
        ),
        migrations.AddField(
            model_name='personmerge',
            name='changed_xid',
            field=cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par'),
        ),
        migrations.RunSQL(KNOWN_SINCE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='personmerge',
            index=models.Index(fields=['changed_xid', 'id'], name='merge_changed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='outcome_dated', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> NEW.state AND (OLD.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') OR NEW.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED')))", func="\n    NEW.outcome_at := CASE WHEN NEW.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') THEN portal_now() END;\n    RETURN NEW;\n", hash='f1e63567614b1fa4d6e103119aca8180c9ba8c9e', operation='UPDATE', pgid='pgtrigger_outcome_dated_6de12', table='operators_appointment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='outcome_dated_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') AND NEW.outcome_at IS NULL)", func="\n    NEW.outcome_at := CASE WHEN NEW.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') THEN portal_now() END;\n    RETURN NEW;\n", hash='6b14ee0e5ecb6726c06a7f6465eba474e5bbc92a', operation='INSERT', pgid='pgtrigger_outcome_dated_at_once_55ca8', table='operators_appointment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='known_since', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.service_request_id, OLD.beneficiary_id, OLD.site_id, OLD.period, OLD.level, OLD.mode, OLD.state, OLD.channel, OLD.booked_at, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.moved_from_id) IS DISTINCT FROM (NEW.service_request_id, NEW.beneficiary_id, NEW.site_id, NEW.period, NEW.level, NEW.mode, NEW.state, NEW.channel, NEW.booked_at, NEW.cancelled_at, NEW.cancelled_by, NEW.cancel_reason, NEW.moved_from_id) AND true) OR OLD.known_from IS DISTINCT FROM NEW.known_from)', func='\n    IF ((OLD.service_request_id, OLD.beneficiary_id, OLD.site_id, OLD.period, OLD.level, OLD.mode, OLD.state, OLD.channel, OLD.booked_at, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.moved_from_id) IS DISTINCT FROM (NEW.service_request_id, NEW.beneficiary_id, NEW.site_id, NEW.period, NEW.level, NEW.mode, NEW.state, NEW.channel, NEW.booked_at, NEW.cancelled_at, NEW.cancelled_by, NEW.cancel_reason, NEW.moved_from_id) AND true) THEN\n        NEW.known_from := greatest(portal_now(), OLD.known_from);\n    ELSE\n        NEW.known_from := OLD.known_from;\n    END IF;\n    RETURN NEW;\n', hash='d51a3bf2806fcf52f629ba0c3590f53f86b44d6e', operation='UPDATE', pgid='pgtrigger_known_since_b156d', table='operators_appointment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='past_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (((OLD.service_request_id, OLD.beneficiary_id, OLD.site_id, OLD.period, OLD.level, OLD.mode, OLD.state, OLD.channel, OLD.booked_at, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.moved_from_id) IS DISTINCT FROM (NEW.service_request_id, NEW.beneficiary_id, NEW.site_id, NEW.period, NEW.level, NEW.mode, NEW.state, NEW.channel, NEW.booked_at, NEW.cancelled_at, NEW.cancelled_by, NEW.cancel_reason, NEW.moved_from_id) AND true) AND OLD.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED') AND (OLD.known_from, OLD.changed_xid) IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))", func='\n    INSERT INTO operators_appointment_former (source_id, known_from, known_until, service_request_id, beneficiary_id, site_id, period, level, mode, state, channel, booked_at, cancelled_at, cancelled_by, cancel_reason, moved_from_id, outcome_at)\n    VALUES (OLD.id, OLD.known_from, NEW.known_from, OLD.service_request_id, OLD.beneficiary_id, OLD.site_id, OLD.period, OLD.level, OLD.mode, OLD.state, OLD.channel, OLD.booked_at, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.moved_from_id, OLD.outcome_at);\n    RETURN NULL;\n', hash='8e1cb2385d833a9a4759e649176f184d682eff9d', operation='UPDATE', pgid='pgtrigger_past_kept_d8898', table='operators_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='past_kept_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state IN ('ATTENDED', 'NO_SHOW', 'CANCELLED'))", func='\n    INSERT INTO operators_appointment_former (source_id, known_from, known_until, service_request_id, beneficiary_id, site_id, period, level, mode, state, channel, booked_at, cancelled_at, cancelled_by, cancel_reason, moved_from_id, outcome_at)\n    VALUES (OLD.id, OLD.known_from, greatest(portal_now(), OLD.known_from), OLD.service_request_id, OLD.beneficiary_id, OLD.site_id, OLD.period, OLD.level, OLD.mode, OLD.state, OLD.channel, OLD.booked_at, OLD.cancelled_at, OLD.cancelled_by, OLD.cancel_reason, OLD.moved_from_id, OLD.outcome_at);\n    RETURN NULL;\n', hash='3b512be22447e74963d181c857476de4519fa75b', operation='DELETE', pgid='pgtrigger_past_kept_gone_b98d4', table='operators_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='counsellingsession',
            trigger=pgtrigger.compiler.Trigger(name='known_since', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.pathway_id, OLD.appointment_id, OLD.adviser_id, OLD.site_id, OLD.starts_at, OLD.zone, OLD.duration_minutes, OLD.level, OLD.mode, OLD.recorded_at, OLD.is_unplanned) IS DISTINCT FROM (NEW.pathway_id, NEW.appointment_id, NEW.adviser_id, NEW.site_id, NEW.starts_at, NEW.zone, NEW.duration_minutes, NEW.level, NEW.mode, NEW.recorded_at, NEW.is_unplanned) AND true) OR OLD.known_from IS DISTINCT FROM NEW.known_from)', func='\n    IF ((OLD.pathway_id, OLD.appointment_id, OLD.adviser_id, OLD.site_id, OLD.starts_at, OLD.zone, OLD.duration_minutes, OLD.level, OLD.mode, OLD.recorded_at, OLD.is_unplanned) IS DISTINCT FROM (NEW.pathway_id, NEW.appointment_id, NEW.adviser_id, NEW.site_id, NEW.starts_at, NEW.zone, NEW.duration_minutes, NEW.level, NEW.mode, NEW.recorded_at, NEW.is_unplanned) AND true) THEN\n        NEW.known_from := greatest(portal_now(), OLD.known_from);\n    ELSE\n        NEW.known_from := OLD.known_from;\n    END IF;\n    RETURN NEW;\n', hash='76593f865a563a30f94d270e57fbf9689483d9a6', operation='UPDATE', pgid='pgtrigger_known_since_6a640', table='operators_counsellingsession', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='counsellingsession',
            trigger=pgtrigger.compiler.Trigger(name='past_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.pathway_id, OLD.appointment_id, OLD.adviser_id, OLD.site_id, OLD.starts_at, OLD.zone, OLD.duration_minutes, OLD.level, OLD.mode, OLD.recorded_at, OLD.is_unplanned) IS DISTINCT FROM (NEW.pathway_id, NEW.appointment_id, NEW.adviser_id, NEW.site_id, NEW.starts_at, NEW.zone, NEW.duration_minutes, NEW.level, NEW.mode, NEW.recorded_at, NEW.is_unplanned) AND true) AND true AND (OLD.known_from, OLD.changed_xid) IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))', func='\n    INSERT INTO operators_counsellingsession_former (source_id, known_from, known_until, pathway_id, appointment_id, adviser_id, site_id, starts_at, zone, duration_minutes, level, mode, recorded_at, is_unplanned, held_on)\n    VALUES (OLD.id, OLD.known_from, NEW.known_from, OLD.pathway_id, OLD.appointment_id, OLD.adviser_id, OLD.site_id, OLD.starts_at, OLD.zone, OLD.duration_minutes, OLD.level, OLD.mode, OLD.recorded_at, OLD.is_unplanned, OLD.held_on);\n    RETURN NULL;\n', hash='b10d2324108b1ac6a3f487a9a5fd94f8ec745d70', operation='UPDATE', pgid='pgtrigger_past_kept_81cb6', table='operators_counsellingsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='counsellingsession',
            trigger=pgtrigger.compiler.Trigger(name='past_kept_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (true)', func='\n    INSERT INTO operators_counsellingsession_former (source_id, known_from, known_until, pathway_id, appointment_id, adviser_id, site_id, starts_at, zone, duration_minutes, level, mode, recorded_at, is_unplanned, held_on)\n    VALUES (OLD.id, OLD.known_from, greatest(portal_now(), OLD.known_from), OLD.pathway_id, OLD.appointment_id, OLD.adviser_id, OLD.site_id, OLD.starts_at, OLD.zone, OLD.duration_minutes, OLD.level, OLD.mode, OLD.recorded_at, OLD.is_unplanned, OLD.held_on);\n    RETURN NULL;\n', hash='3e80a19c2d5cdced246e2cdbad34abd4ff466ad6', operation='DELETE', pgid='pgtrigger_past_kept_gone_fb402', table='operators_counsellingsession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pathway',
            trigger=pgtrigger.compiler.Trigger(name='known_since', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.beneficiary_id, OLD.contract_id, OLD.region_id, OLD.service_request_id, OLD.adviser_id, OLD.entered_on, OLD.state, OLD.closed_at, OLD.outcome, OLD.reopened_at, OLD.continues_id, OLD.joined_into_id) IS DISTINCT FROM (NEW.beneficiary_id, NEW.contract_id, NEW.region_id, NEW.service_request_id, NEW.adviser_id, NEW.entered_on, NEW.state, NEW.closed_at, NEW.outcome, NEW.reopened_at, NEW.continues_id, NEW.joined_into_id) AND true) OR OLD.known_from IS DISTINCT FROM NEW.known_from)', func='\n    IF ((OLD.beneficiary_id, OLD.contract_id, OLD.region_id, OLD.service_request_id, OLD.adviser_id, OLD.entered_on, OLD.state, OLD.closed_at, OLD.outcome, OLD.reopened_at, OLD.continues_id, OLD.joined_into_id) IS DISTINCT FROM (NEW.beneficiary_id, NEW.contract_id, NEW.region_id, NEW.service_request_id, NEW.adviser_id, NEW.entered_on, NEW.state, NEW.closed_at, NEW.outcome, NEW.reopened_at, NEW.continues_id, NEW.joined_into_id) AND true) THEN\n        NEW.known_from := greatest(portal_now(), OLD.known_from);\n    ELSE\n        NEW.known_from := OLD.known_from;\n    END IF;\n    RETURN NEW;\n', hash='e3c98a1cd02e5bdd05a1baf9fc8811bec835f4ce', operation='UPDATE', pgid='pgtrigger_known_since_23d28', table='operators_pathway', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pathway',
            trigger=pgtrigger.compiler.Trigger(name='past_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.beneficiary_id, OLD.contract_id, OLD.region_id, OLD.service_request_id, OLD.adviser_id, OLD.entered_on, OLD.state, OLD.closed_at, OLD.outcome, OLD.reopened_at, OLD.continues_id, OLD.joined_into_id) IS DISTINCT FROM (NEW.beneficiary_id, NEW.contract_id, NEW.region_id, NEW.service_request_id, NEW.adviser_id, NEW.entered_on, NEW.state, NEW.closed_at, NEW.outcome, NEW.reopened_at, NEW.continues_id, NEW.joined_into_id) AND true) AND true AND (OLD.known_from, OLD.changed_xid) IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))', func='\n    INSERT INTO operators_pathway_former (source_id, known_from, known_until, beneficiary_id, contract_id, region_id, service_request_id, adviser_id, entered_on, state, closed_at, outcome, reopened_at, continues_id, joined_into_id)\n    VALUES (OLD.id, OLD.known_from, NEW.known_from, OLD.beneficiary_id, OLD.contract_id, OLD.region_id, OLD.service_request_id, OLD.adviser_id, OLD.entered_on, OLD.state, OLD.closed_at, OLD.outcome, OLD.reopened_at, OLD.continues_id, OLD.joined_into_id);\n    RETURN NULL;\n', hash='46b3a81002eb6356ed268ae8064e95ffa0726a3f', operation='UPDATE', pgid='pgtrigger_past_kept_be7ce', table='operators_pathway', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pathway',
            trigger=pgtrigger.compiler.Trigger(name='past_kept_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (true)', func='\n    INSERT INTO operators_pathway_former (source_id, known_from, known_until, beneficiary_id, contract_id, region_id, service_request_id, adviser_id, entered_on, state, closed_at, outcome, reopened_at, continues_id, joined_into_id)\n    VALUES (OLD.id, OLD.known_from, greatest(portal_now(), OLD.known_from), OLD.beneficiary_id, OLD.contract_id, OLD.region_id, OLD.service_request_id, OLD.adviser_id, OLD.entered_on, OLD.state, OLD.closed_at, OLD.outcome, OLD.reopened_at, OLD.continues_id, OLD.joined_into_id);\n    RETURN NULL;\n', hash='e864b2ce7d9d93578ba6b7c52703c01825ad4569', operation='DELETE', pgid='pgtrigger_past_kept_gone_6928e', table='operators_pathway', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personmerge',
            trigger=pgtrigger.compiler.Trigger(name='written_by', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.undone_at, OLD.changed_xid) IS DISTINCT FROM (NEW.undone_at, NEW.changed_xid))', func='NEW.changed_xid := pg_current_xact_id(); RETURN NEW;', hash='be6a47477bb9df9de4f68de4d046a1609145e50a', operation='UPDATE', pgid='pgtrigger_written_by_362bf', table='operators_personmerge', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='formerappointment',
            index=models.Index(fields=['changed_xid'], name='formerappointment_changed'),
        ),
        migrations.AddConstraint(
            model_name='formerappointment',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__gte', models.F('known_from'))), name='formerappointment_known_in_order', violation_error_message='Ce qui est connu l’est avant de ne plus l’être.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formerappointment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='18398bedc98929863255db17e5fd64707c65e4ad', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6b59b', table='operators_appointment_former', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='formerpathway',
            index=models.Index(fields=['changed_xid'], name='formerpathway_changed'),
        ),
        migrations.AddConstraint(
            model_name='formerpathway',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__gte', models.F('known_from'))), name='formerpathway_known_in_order', violation_error_message='Ce qui est connu l’est avant de ne plus l’être.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formerpathway',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1907f72538bcb0f0959a9ab5a0a0597dbbcffb08', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_69a82', table='operators_pathway_former', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='formersession',
            index=models.Index(fields=['changed_xid'], name='formersession_changed'),
        ),
        migrations.AddConstraint(
            model_name='formersession',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__gte', models.F('known_from'))), name='formersession_known_in_order', violation_error_message='Ce qui est connu l’est avant de ne plus l’être.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formersession',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='01db663b7f869a08ec40d82872ba938b565453ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23d32', table='operators_counsellingsession_former', when='BEFORE')),
        ),
    ]
