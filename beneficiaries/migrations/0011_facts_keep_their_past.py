import cep_portal.common.marks
import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# What is there was told once: no version of before is known of it (« séries sans second mémoire », ADR 0067).
KNOWN_SINCE = """
UPDATE beneficiaries_servicerequest SET known_from = requested_at;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_portal_now'),
        ('beneficiaries', '0010_changed_xid'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.BigIntegerField(db_index=True, verbose_name='clé de la ligne')),
                ('known_from', models.DateTimeField(verbose_name='connu depuis')),
                ('known_until', models.DateTimeField(db_index=True, verbose_name='connu jusqu’à')),
                ('changed_xid', cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par')),
                ('requested_at', models.DateTimeField(verbose_name='demandée le')),
                ('situation', models.CharField(choices=[('EMPLOYEE', 'Salarié du privé (CDI, CDD, intérim, apprentissage)'), ('SELF_EMPLOYED', 'Indépendant, artisan, commerçant, profession libérale'), ('EXECUTIVE', 'Cadre'), ('JOB_SEEKER', 'En recherche d’emploi'), ('YOUNG_OUTSIDE', 'Moins de 26 ans, ni en emploi ni en formation'), ('DISABLED_WORKER', 'Travailleur handicapé en emploi'), ('PUBLIC_AGENT', 'Agent public')], max_length=20, verbose_name='situation')),
                ('commune_id', models.CharField(max_length=5, verbose_name='commune')),
                ('contract_id', models.BigIntegerField(verbose_name='contrat')),
                ('beneficiary_id', models.BigIntegerField(null=True, verbose_name='personne')),
                ('needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('TAKE_STOCK', 'Faire le point sur ma situation'), ('CHANGE_JOB', 'Changer de métier ou de secteur'), ('TRAINING', 'Me former, valider mon expérience'), ('CREATE_BUSINESS', 'Créer ou reprendre une entreprise'), ('RESIGN_TO_RETRAIN', 'Démissionner pour me reconvertir'), ('GROW', 'Évoluer dans mon entreprise'), ('OTHER', 'Autre chose, ou je ne sais pas encore')], max_length=20), verbose_name='besoins')),
                ('urgency', models.CharField(choices=[('NO_HURRY', 'Rien ne presse'), ('WITHIN_MONTH', 'J’aimerais avancer dans le mois'), ('RESIGNATION', 'Je compte démissionner'), ('CONTRACT_END', 'Mon contrat se termine'), ('DISMISSAL', 'Un licenciement est annoncé')], max_length=20, verbose_name='urgence')),
                ('is_delivered', models.BooleanField(verbose_name='remontée par l’opérateur')),
            ],
            options={
                'verbose_name': 'demande d’avant',
                'db_table': 'beneficiaries_servicerequest_former',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='servicerequest',
            name='known_from',
            field=models.DateTimeField(db_default=cep_portal.common.marks.PresentInstant(), editable=False, verbose_name='connu depuis'),
        ),
        migrations.RunSQL(KNOWN_SINCE, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='servicerequest',
            trigger=pgtrigger.compiler.Trigger(name='known_since', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.beneficiary_id) IS DISTINCT FROM (NEW.beneficiary_id) AND OLD.beneficiary_id IS NOT NULL) OR OLD.known_from IS DISTINCT FROM NEW.known_from)', func='\n    IF ((OLD.beneficiary_id) IS DISTINCT FROM (NEW.beneficiary_id) AND OLD.beneficiary_id IS NOT NULL) THEN\n        NEW.known_from := greatest(portal_now(), OLD.known_from);\n    ELSE\n        NEW.known_from := OLD.known_from;\n    END IF;\n    RETURN NEW;\n', hash='f6163a167e4f570a5749835a9cd8440d0e17952d', operation='UPDATE', pgid='pgtrigger_known_since_b9820', table='beneficiaries_servicerequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicerequest',
            trigger=pgtrigger.compiler.Trigger(name='past_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.beneficiary_id) IS DISTINCT FROM (NEW.beneficiary_id) AND OLD.beneficiary_id IS NOT NULL) AND true AND (OLD.known_from, OLD.changed_xid) IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))', func='\n    INSERT INTO beneficiaries_servicerequest_former (source_id, known_from, known_until, requested_at, situation, commune_id, contract_id, beneficiary_id, needs, urgency, is_delivered)\n    VALUES (OLD.id, OLD.known_from, NEW.known_from, OLD.requested_at, OLD.situation, OLD.commune_id, OLD.contract_id, OLD.beneficiary_id, OLD.needs, OLD.urgency, OLD.is_delivered);\n    RETURN NULL;\n', hash='81150e751576d9990ff32e8fc720633fd5d4c29a', operation='UPDATE', pgid='pgtrigger_past_kept_0dc3e', table='beneficiaries_servicerequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicerequest',
            trigger=pgtrigger.compiler.Trigger(name='past_kept_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (true)', func='\n    INSERT INTO beneficiaries_servicerequest_former (source_id, known_from, known_until, requested_at, situation, commune_id, contract_id, beneficiary_id, needs, urgency, is_delivered)\n    VALUES (OLD.id, OLD.known_from, greatest(portal_now(), OLD.known_from), OLD.requested_at, OLD.situation, OLD.commune_id, OLD.contract_id, OLD.beneficiary_id, OLD.needs, OLD.urgency, OLD.is_delivered);\n    RETURN NULL;\n', hash='1fec0aa7409cfaa6b51533c044c5dca398ad9c9f', operation='DELETE', pgid='pgtrigger_past_kept_gone_843b5', table='beneficiaries_servicerequest', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='formerrequest',
            index=models.Index(fields=['changed_xid'], name='formerrequest_changed'),
        ),
        migrations.AddConstraint(
            model_name='formerrequest',
            constraint=models.CheckConstraint(condition=models.Q(('known_until__gte', models.F('known_from'))), name='formerrequest_known_in_order', violation_error_message='Ce qui est connu l’est avant de ne plus l’être.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formerrequest',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='efc3f6bca5afeae476e45cc251f1463de6b154fa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_09d00', table='beneficiaries_servicerequest_former', when='BEFORE')),
        ),
    ]
