
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_drafts'),
        ('documents', '0002_zone'),
        ('procurement', '0005_walls_of_people_and_rules'),
        ('reporting', '0006_facts_keep_their_past'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('month', models.DateField(verbose_name='mois')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('COLLECTING', 'collecte en cours'), ('PROVISIONAL', 'provisoire, contestable'), ('CONTESTED', 'contestations closes'), ('FROZEN', 'arrêté')], default='COLLECTING', max_length=12, verbose_name='état')),
                ('opened_at', models.DateTimeField(verbose_name='ouvert le')),
                ('provisional_on', models.DateField(verbose_name='provisoire à partir du')),
                ('contest_until', models.DateField(verbose_name='contestable jusqu’au')),
                ('freeze_from', models.DateField(verbose_name='à arrêter à partir du')),
                ('frozen_at', models.DateTimeField(blank=True, null=True, verbose_name='arrêté le')),
                ('known_at', models.DateTimeField(blank=True, null=True, verbose_name='faits connus au')),
                ('input_sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte des preuves')),
                ('output_sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte des chiffres')),
                ('previous_sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte de l’arrêté précédent')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='procurement.contract')),
                ('evidence', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storeddocument')),
                ('frozen_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='reporting.closing')),
            ],
            options={
                'verbose_name': 'arrêté mensuel',
            },
        ),
        migrations.CreateModel(
            name='DataDispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kpi', models.CharField(max_length=40, verbose_name='indicateur')),
                ('words', models.TextField(verbose_name='ce qui est contesté')),
                ('raised_at', models.DateTimeField(verbose_name='contesté le')),
                ('outcome', models.CharField(blank=True, choices=[('ACCEPTED', 'acceptée'), ('REJECTED', 'rejetée')], max_length=8, verbose_name='issue')),
                ('answer', models.TextField(blank=True, verbose_name='réponse')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('answered_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='reporting.closing')),
                ('raised_under', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
            ],
            options={
                'verbose_name': 'contestation de chiffre',
            },
        ),
        migrations.CreateModel(
            name='FrozenValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kpi', models.CharField(max_length=40, verbose_name='indicateur')),
                ('definition_version', models.PositiveSmallIntegerField(verbose_name='version de la définition')),
                ('month', models.DateField(verbose_name='mois mesuré')),
                ('numerator', models.BigIntegerField(verbose_name='numérateur')),
                ('denominator', models.BigIntegerField(blank=True, null=True, verbose_name='dénominateur')),
                ('excluded', models.JSONField(default=dict, verbose_name='faits écartés')),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='valeur')),
                ('status', models.CharField(choices=[('OK', 'significatif'), ('NOT_APPLICABLE', 'sans objet'), ('NOT_SIGNIFICANT', 'non significatif')], max_length=20, verbose_name='portée')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='reporting.closing')),
            ],
            options={
                'verbose_name': 'chiffre arrêté',
            },
        ),
        migrations.CreateModel(
            name='Neutralisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('first_day', models.DateField(verbose_name='premier jour')),
                ('last_day', models.DateField(verbose_name='dernier jour')),
                ('reason', models.CharField(choices=[('FORCE_MAJEURE', 'force majeure'), ('BUYER_ACT', 'fait de France compétences'), ('OUTAGE', 'panne nationale du portail')], max_length=20, verbose_name='motif')),
                ('words', models.TextField(verbose_name='faits et justificatifs')),
                ('proposed_at', models.DateTimeField(verbose_name='proposée le')),
                ('outcome', models.CharField(blank=True, choices=[('ACCEPTED', 'acceptée'), ('REFUSED', 'refusée')], max_length=8, verbose_name='décision')),
                ('reasons', models.TextField(blank=True, verbose_name='motifs de la décision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='neutralisations', to='procurement.contract')),
                ('decided_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('proposed_under', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
            ],
            options={
                'verbose_name': 'neutralisation',
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('words', models.TextField(verbose_name='pourquoi rouvrir')),
                ('asked_at', models.DateTimeField(verbose_name='demandée le')),
                ('outcome', models.CharField(blank=True, choices=[('ACCEPTED', 'acceptée'), ('REFUSED', 'refusée')], max_length=8, verbose_name='décision')),
                ('reasons', models.TextField(blank=True, verbose_name='motifs de la décision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('asked_under', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reopenings', to='reporting.closing')),
                ('decided_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
            ],
            options={
                'verbose_name': 'demande de réouverture',
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('quarter', models.DateField(verbose_name='trimestre de la comparaison')),
                ('known_at', models.DateTimeField(verbose_name='faits connus au')),
                ('numerator', models.BigIntegerField(verbose_name='numérateur')),
                ('denominator', models.BigIntegerField(blank=True, null=True, verbose_name='dénominateur')),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='valeur')),
                ('is_material', models.BooleanField(verbose_name='appelle une décision')),
                ('decision', models.CharField(blank=True, choices=[('KEEP', 'garder le chiffre arrêté'), ('REGULARISE', 'régulariser le mois suivant'), ('REOPEN', 'rouvrir le mois')], max_length=10, verbose_name='décision')),
                ('reasons', models.TextField(blank=True, verbose_name='motifs')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('decided_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restatements', to='reporting.frozenvalue')),
            ],
            options={
                'verbose_name': 'révision de chiffre',
            },
        ),
        migrations.AddIndex(
            model_name='closing',
            index=models.Index(fields=['state', 'month'], name='closing_state_month'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(fields=('contract', 'month', 'number'), name='closing_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'FROZEN'), _negated=True), fields=('contract', 'month'), name='closing_open_once', violation_error_message='Ce mois est déjà ouvert.'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='closing_month_is_first_day', violation_error_message='Un mois est désigné par son premier jour.'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(('contest_until__lt', models.F('freeze_from')), ('provisional_on__lte', models.F('contest_until'))), name='closing_days_ordered', violation_error_message='Les jours d’un arrêté se suivent.'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('supersedes__isnull', True)), models.Q(('number__gt', 1), ('supersedes__isnull', False)), _connector='OR'), name='closing_number_follows', violation_error_message='Un mois rouvert remplace l’arrêté précédent.'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', False), ('frozen_at__isnull', False), ('frozen_under__isnull', False), ('input_sha256__regex', '^[0-9a-f]{64}$'), ('known_at__isnull', False), ('output_sha256__regex', '^[0-9a-f]{64}$'), ('state', 'FROZEN')), models.Q(models.Q(('state', 'FROZEN'), _negated=True), ('evidence__isnull', True), ('frozen_at__isnull', True)), _connector='OR'), name='closing_frozen_complete', violation_error_message='Un mois arrêté porte ses preuves, ses empreintes et son auteur.'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_at__isnull', True), ('frozen_at__date__gte', models.F('freeze_from')), _connector='OR'), name='closing_frozen_when_due', violation_error_message='Un mois ne s’arrête pas avant son jour.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f64c7ab69b8797d3cdb24ba93916c8507644b87b', operation='DELETE', pgid='pgtrigger_never_deleted_a6c25', table='reporting_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='clock_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."provisional_on" IS DISTINCT FROM (NEW."provisional_on") OR OLD."contest_until" IS DISTINCT FROM (NEW."contest_until") OR OLD."freeze_from" IS DISTINCT FROM (NEW."freeze_from") OR OLD."supersedes_id" IS DISTINCT FROM (NEW."supersedes_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d55e586bb0cfa9996b3c6b89468b4b469a9bfc9c', operation='UPDATE', pgid='pgtrigger_clock_fixed_df5f9', table='reporting_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='state_follows_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{COLLECTING:PROVISIONAL,CONTESTED:FROZEN,PROVISIONAL:CONTESTED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='a289048d2a2bdba000a30b92ba796d5eeb41db7d', operation='UPDATE', pgid='pgtrigger_state_follows_table_1a540', table='reporting_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='frozen_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'FROZEN\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f74a087eedad336b762bf91f06d9beeca5155f28', operation='UPDATE', pgid='pgtrigger_frozen_is_final_38111', table='reporting_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='frozen_by_another_person', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'FROZEN\')', func="\n    IF EXISTS (\n        SELECT FROM accounts_mandate AS freezes\n        JOIN accounts_mandate AS instructs ON instructs.user_id = freezes.user_id\n        WHERE freezes.id = NEW.frozen_under_id AND instructs.id IN (\n            SELECT answered_under_id FROM reporting_datadispute WHERE closing_id = NEW.id\n            UNION ALL SELECT raised_under_id FROM reporting_datadispute WHERE closing_id = NEW.id\n            UNION ALL SELECT unnest(ARRAY[proposed_under_id, decided_under_id])\n                FROM reporting_neutralisation\n                WHERE contract_id = NEW.contract_id\n                    AND first_day < NEW.month + interval '1 month' AND last_day >= NEW.month\n        )\n    ) THEN\n        RAISE EXCEPTION 'frozen_by_another_person: who instructed a month does not freeze it'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (SELECT FROM reporting_datadispute WHERE closing_id = NEW.id AND outcome = '') THEN\n        RAISE EXCEPTION 'frozen_once_answered: a dispute of this month has no answer'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='7dbb4083bfcc394487ce06967e13c4c5518e634a', operation='INSERT OR UPDATE OF "state"', pgid='pgtrigger_frozen_by_another_person_0ac0b', table='reporting_closing', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='datadispute',
            constraint=models.UniqueConstraint(fields=('closing', 'kpi'), name='dispute_once_a_figure', violation_error_message='Ce chiffre est déjà contesté.'),
        ),
        migrations.AddConstraint(
            model_name='datadispute',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='dispute_says_something', violation_error_message='Dites ce qui est contesté.'),
        ),
        migrations.AddConstraint(
            model_name='datadispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_under__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), ('answered_under__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='dispute_answer_complete', violation_error_message='Une réponse porte son issue, ses motifs, son auteur et sa date.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datadispute',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='03d31f6223f897c4d9a46822cdbccdb8987e622c', operation='DELETE', pgid='pgtrigger_never_deleted_1d6b2', table='reporting_datadispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datadispute',
            trigger=pgtrigger.compiler.Trigger(name='words_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closing_id" IS DISTINCT FROM (NEW."closing_id") OR OLD."kpi" IS DISTINCT FROM (NEW."kpi") OR OLD."words" IS DISTINCT FROM (NEW."words") OR OLD."raised_at" IS DISTINCT FROM (NEW."raised_at") OR OLD."raised_under_id" IS DISTINCT FROM (NEW."raised_under_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f741523ccf0d8e247b2c646fcb8d0a705c0b62f5', operation='UPDATE', pgid='pgtrigger_words_fixed_f6396', table='reporting_datadispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datadispute',
            trigger=pgtrigger.compiler.Trigger(name='answer_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.answered_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c4b3564997e2c4f9728245492c9dbd84c3aa93a8', operation='UPDATE', pgid='pgtrigger_answer_is_final_553e6', table='reporting_datadispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datadispute',
            trigger=pgtrigger.compiler.Trigger(name='raised_in_time', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT FROM reporting_closing WHERE id = NEW.closing_id AND state = 'PROVISIONAL'\n            AND (NEW.raised_at AT TIME ZONE 'Europe/Paris')::date <= contest_until\n    ) THEN\n        RAISE EXCEPTION 'raised_in_time: figures are contested while provisional, until their last day'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='b192bca258b43f5967c0ba61da5bc42092c4de39', operation='INSERT', pgid='pgtrigger_raised_in_time_bea52', table='reporting_datadispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datadispute',
            trigger=pgtrigger.compiler.Trigger(name='by_two_people', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.answered_under_id IS NOT NULL)', func="\n    IF (SELECT count(DISTINCT user_id) FROM accounts_mandate WHERE id IN (NEW.raised_under_id, NEW.answered_under_id)) < 2 THEN\n        RAISE EXCEPTION 'by_two_people: answered_under_id is another person than raised_under_id'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='c9c3bd310664c3c6225ef26053c8f9969b8568c2', operation='INSERT OR UPDATE', pgid='pgtrigger_by_two_people_e58fc', table='reporting_datadispute', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='frozenvalue',
            constraint=models.UniqueConstraint(fields=('closing', 'kpi'), name='frozen_value_once'),
        ),
        migrations.AddConstraint(
            model_name='frozenvalue',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='frozen_value_month_is_first_day', violation_error_message='Un mois est désigné par son premier jour.'),
        ),
        migrations.AddConstraint(
            model_name='frozenvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'NOT_APPLICABLE'), ('value__isnull', True)), models.Q(('value__isnull', False), models.Q(('status', 'NOT_APPLICABLE'), _negated=True)), _connector='OR'), name='frozen_value_none_when_empty', violation_error_message='Rien de compté : le chiffre est sans objet.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='frozenvalue',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8d368322ce4e2e59c25c3488b55582f91f838731', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a6ca9', table='reporting_frozenvalue', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='frozenvalue',
            trigger=pgtrigger.compiler.Trigger(name='in_an_open_closing', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM reporting_closing WHERE id = NEW.closing_id AND state = 'FROZEN') THEN\n        RAISE EXCEPTION 'closing_is_frozen: nothing is added to a frozen month'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='b52cc56a339c74b60abc796bc305091db08e371a', operation='INSERT', pgid='pgtrigger_in_an_open_closing_f5be4', table='reporting_frozenvalue', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='neutralisation',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='neutralisation_days_ordered', violation_error_message='Le dernier jour précède le premier.'),
        ),
        migrations.AddConstraint(
            model_name='neutralisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_under__isnull', True), ('outcome', ''), ('reasons', '')), models.Q(('decided_at__isnull', False), ('decided_under__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='neutralisation_decision_complete', violation_error_message='Une décision porte ses motifs, son auteur et sa date.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='neutralisation',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='84d821f366d0b44da51171bafa8a033ce73d5d67', operation='DELETE', pgid='pgtrigger_never_deleted_0d80b', table='reporting_neutralisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='neutralisation',
            trigger=pgtrigger.compiler.Trigger(name='proposal_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."first_day" IS DISTINCT FROM (NEW."first_day") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."words" IS DISTINCT FROM (NEW."words") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_under_id" IS DISTINCT FROM (NEW."proposed_under_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='113f2fb877b1d780ad507bfc3dd704c008558672', operation='UPDATE', pgid='pgtrigger_proposal_fixed_e2212', table='reporting_neutralisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='neutralisation',
            trigger=pgtrigger.compiler.Trigger(name='decision_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.decided_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7ea980fe0501a0df1a9d82034b2f04878be73677', operation='UPDATE', pgid='pgtrigger_decision_is_final_0f70c', table='reporting_neutralisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='neutralisation',
            trigger=pgtrigger.compiler.Trigger(name='never_in_a_frozen_month', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT FROM reporting_closing AS latest\n        WHERE latest.contract_id = NEW.contract_id AND latest.state = 'FROZEN'\n            AND NEW.first_day < latest.month + interval '1 month' AND NEW.last_day >= latest.month\n            AND NOT EXISTS (\n                SELECT FROM reporting_closing AS later\n                WHERE later.contract_id = latest.contract_id AND later.month = latest.month\n                    AND later.number > latest.number\n            )\n    ) THEN\n        RAISE EXCEPTION 'never_in_a_frozen_month: reopen the month first'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='2a28656ad5c8d27018f260f98a9692b1e943ef4d', operation='INSERT OR UPDATE', pgid='pgtrigger_never_in_a_frozen_month_57b6e', table='reporting_neutralisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='neutralisation',
            trigger=pgtrigger.compiler.Trigger(name='by_two_people', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.decided_under_id IS NOT NULL)', func="\n    IF (SELECT count(DISTINCT user_id) FROM accounts_mandate WHERE id IN (NEW.proposed_under_id, NEW.decided_under_id)) < 2 THEN\n        RAISE EXCEPTION 'by_two_people: decided_under_id is another person than proposed_under_id'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='2c9fb461bd99ebaadd8c90dfd8e98ee22340558f', operation='INSERT OR UPDATE', pgid='pgtrigger_by_two_people_1f715', table='reporting_neutralisation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reopening',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('closing',), name='reopening_asked_once', violation_error_message='Une réouverture attend déjà une décision.'),
        ),
        migrations.AddConstraint(
            model_name='reopening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_under__isnull', True), ('outcome', ''), ('reasons', '')), models.Q(('decided_at__isnull', False), ('decided_under__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='reopening_decision_complete', violation_error_message='Une décision porte ses motifs, son auteur et sa date.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reopening',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='86d38ef59de9207c2141ceca793ff6c1fa0df55c', operation='DELETE', pgid='pgtrigger_never_deleted_e6ef0', table='reporting_reopening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reopening',
            trigger=pgtrigger.compiler.Trigger(name='request_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closing_id" IS DISTINCT FROM (NEW."closing_id") OR OLD."words" IS DISTINCT FROM (NEW."words") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_under_id" IS DISTINCT FROM (NEW."asked_under_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6cb1863617e85b6161e504179be6d08d7fbc36b7', operation='UPDATE', pgid='pgtrigger_request_fixed_dcd37', table='reporting_reopening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reopening',
            trigger=pgtrigger.compiler.Trigger(name='decision_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.decided_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5cdc09a4c30ea239f125f556b9aff8efbeb5e6d8', operation='UPDATE', pgid='pgtrigger_decision_is_final_44661', table='reporting_reopening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reopening',
            trigger=pgtrigger.compiler.Trigger(name='by_two_people', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.decided_under_id IS NOT NULL)', func="\n    IF (SELECT count(DISTINCT user_id) FROM accounts_mandate WHERE id IN (NEW.asked_under_id, NEW.decided_under_id)) < 2 THEN\n        RAISE EXCEPTION 'by_two_people: decided_under_id is another person than asked_under_id'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='ba479ad21d45e7b037248fc70c1b9e8f362f045d', operation='INSERT OR UPDATE', pgid='pgtrigger_by_two_people_23851', table='reporting_reopening', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='restatement',
            constraint=models.UniqueConstraint(fields=('frozen', 'quarter'), name='restatement_once_a_quarter'),
        ),
        migrations.AddConstraint(
            model_name='restatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_under__isnull', True), ('decision', ''), ('reasons', '')), models.Q(('decided_at__isnull', False), ('decided_under__isnull', False), ('is_material', True), models.Q(('decision', ''), _negated=True), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='restatement_decision_complete', violation_error_message='Une décision porte ses motifs, son auteur et sa date.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restatement',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='df263fcaa5992d69cdc4150763ac1ad885f8cf86', operation='DELETE', pgid='pgtrigger_never_deleted_eab80', table='reporting_restatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restatement',
            trigger=pgtrigger.compiler.Trigger(name='comparison_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."frozen_id" IS DISTINCT FROM (NEW."frozen_id") OR OLD."quarter" IS DISTINCT FROM (NEW."quarter") OR OLD."known_at" IS DISTINCT FROM (NEW."known_at") OR OLD."numerator" IS DISTINCT FROM (NEW."numerator") OR OLD."denominator" IS DISTINCT FROM (NEW."denominator") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."is_material" IS DISTINCT FROM (NEW."is_material"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='63b4fdfb98e2490ccf038e1de1e00e83a3bcd8e4', operation='UPDATE', pgid='pgtrigger_comparison_fixed_fe808', table='reporting_restatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restatement',
            trigger=pgtrigger.compiler.Trigger(name='decision_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.decided_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='be4bff230887432f33c39a0369a9d841a5ddc3e7', operation='UPDATE', pgid='pgtrigger_decision_is_final_bd288', table='reporting_restatement', when='BEFORE')),
        ),
    ]
