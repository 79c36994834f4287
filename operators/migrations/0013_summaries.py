import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("operators", "0012_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="SummaryDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("revision", models.PositiveSmallIntegerField(default=0, verbose_name="proposition")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "en rédaction"),
                            ("PROPOSED", "proposé à la personne"),
                            ("ACCEPTED", "accepté"),
                            ("SUPERSEDED", "remplacé"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("situation", models.TextField(blank=True, verbose_name="situation et demande")),
                ("strengths", models.TextField(blank=True, verbose_name="compétences et points d’appui")),
                ("project", models.TextField(blank=True, verbose_name="projet")),
                ("advice", models.TextField(blank=True, verbose_name="conseils")),
                ("content", models.JSONField(default=dict, verbose_name="plan au moment de la proposition")),
                ("created_at", models.DateTimeField(verbose_name="commencé le")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposé le")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepté le")),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="remplacé le")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="effacé le")),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summaries",
                        to="operators.pathway",
                    ),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("SITUATION", "Analyse de la situation"),
                                ("SKILLS", "Compétences et expérience"),
                                ("PROJECT", "Projet professionnel"),
                                ("JOB_MARKET", "Métiers et marché du travail"),
                                ("TRAINING", "Formation et certification"),
                                ("FUNDING", "Financement"),
                                ("BUSINESS", "Création d’entreprise"),
                                ("WORKING_LIFE", "Conditions de travail, santé"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="thèmes repris",
                    ),
                ),
            ],
            options={
                "verbose_name": "document de synthèse",
                "verbose_name_plural": "documents de synthèse",
                "constraints": [
                    models.UniqueConstraint(fields=("pathway", "version"), name="summary_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("DRAFT", "PROPOSED"))),
                        fields=("pathway",),
                        name="summary_one_open",
                        violation_error_message="Une version est déjà en cours.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACCEPTED")),
                        fields=("pathway",),
                        name="summary_one_accepted",
                        violation_error_message="Une seule version acceptée fait foi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("ACCEPTED", "SUPERSEDED")),
                                ("accepted_at__isnull", False),
                                ("document__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state__in", ("ACCEPTED", "SUPERSEDED")), _negated=True),
                                ("accepted_at__isnull", True),
                                ("document__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="summary_accepted_complete",
                        violation_error_message="Un document accepté a sa date et son fichier.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SUPERSEDED"), ("superseded_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "SUPERSEDED"), _negated=True),
                                ("superseded_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="summary_superseded_tells_when",
                        violation_error_message="Un document remplacé dit quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "DRAFT"),
                            models.Q(("proposed_at__isnull", False), ("revision__gt", 0)),
                            _connector="OR",
                        ),
                        name="summary_proposed_tells_when",
                        violation_error_message="Un document proposé dit quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("advice", ""),
                                ("content", {}),
                                ("project", ""),
                                ("situation", ""),
                                ("strengths", ""),
                                ("themes", []),
                            ),
                            _connector="OR",
                        ),
                        name="summary_erased_is_blank",
                        violation_error_message="Un document effacé n’a plus de mots.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{DRAFT:PROPOSED,PROPOSED:ACCEPTED,PROPOSED:DRAFT,ACCEPTED:SUPERSEDED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="9b406a0966e699d221479afaa22ea2f06195f8b7",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_7a7c9",
                            table="operators_summarydocument",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="frozen_facts",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."state" IN (\'ACCEPTED\', \'SUPERSEDED\') AND (OLD."pathway_id" IS DISTINCT FROM (NEW."pathway_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."document_id" IS DISTINCT FROM (NEW."document_id")))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="bd914883d8f9d6d13e9cb086cdd09e7cdaaf4bb6",
                            operation="UPDATE",
                            pgid="pgtrigger_frozen_facts_bfac2",
                            table="operators_summarydocument",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="frozen_words",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."erased_at" IS NULL AND OLD."state" IN (\'ACCEPTED\', \'SUPERSEDED\') AND (OLD."situation" IS DISTINCT FROM (NEW."situation") OR OLD."strengths" IS DISTINCT FROM (NEW."strengths") OR OLD."project" IS DISTINCT FROM (NEW."project") OR OLD."advice" IS DISTINCT FROM (NEW."advice") OR OLD."themes" IS DISTINCT FROM (NEW."themes") OR OLD."content" IS DISTINCT FROM (NEW."content")))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c7e373fec4b624010600f4b93f661a232e39d45a",
                            operation="UPDATE",
                            pgid="pgtrigger_frozen_words_91755",
                            table="operators_summarydocument",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c55b17cd7339d6bb2456166c9ee53589e8c0257f",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_7a89f",
                            table="operators_summarydocument",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(verbose_name="proposition")),
                (
                    "answer",
                    models.CharField(
                        choices=[("CORRECTION", "correction demandée"), ("ACCEPTED", "accepté")],
                        max_length=10,
                        verbose_name="réponse",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="à corriger")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="operators.summarydocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse à une synthèse",
                "verbose_name_plural": "réponses aux synthèses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("summary", "revision"),
                        name="summary_answered_once",
                        violation_error_message="Cette proposition a déjà sa réponse.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="answer_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."summary_id" IS DISTINCT FROM (NEW."summary_id") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."at" IS DISTINCT FROM (NEW."at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5203e4258aba667ffbb5f53444d0e3e0693bff3d",
                            operation="UPDATE",
                            pgid="pgtrigger_answer_kept_475fc",
                            table="operators_summaryanswer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_only_erased",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."words" IS DISTINCT FROM (NEW."words") AND NOT (NEW."words" = \'\'))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="3cd62110c5e591bff2c9ebaec72a7fb8e5b9b1c7",
                            operation="UPDATE",
                            pgid="pgtrigger_words_only_erased_efcb9",
                            table="operators_summaryanswer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="d4c2682bef2fbd509639d69a6c889126d39f4b3f",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_120c6",
                            table="operators_summaryanswer",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "token_digest",
                    models.CharField(max_length=64, unique=True, verbose_name="empreinte du lien"),
                ),
                ("recipient", models.CharField(max_length=100, verbose_name="pour qui")),
                ("created_at", models.DateTimeField(verbose_name="créé le")),
                ("expires_at", models.DateTimeField(verbose_name="valable jusqu’au")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="retiré le")),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="operators.summarydocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "partage d’une synthèse",
                "verbose_name_plural": "partages de synthèses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="summary_share_lasts",
                        violation_error_message="Un lien dure un temps.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_digest__regex", "^[0-9a-f]{64}$")),
                        name="summary_share_digest_hexadecimal",
                        violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="share_is_what",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."summary_id" IS DISTINCT FROM (NEW."summary_id") OR OLD."token_digest" IS DISTINCT FROM (NEW."token_digest") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="48eb3f5b48e6da9ec3eb136c58c3925b8bfffcf9",
                            operation="UPDATE",
                            pgid="pgtrigger_share_is_what_c9094",
                            table="operators_summaryshare",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="revoked_for_good",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."revoked_at" IS NOT NULL AND OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="fa432ae765b320a572128432fc47cc15568da26a",
                            operation="UPDATE",
                            pgid="pgtrigger_revoked_for_good_60ad0",
                            table="operators_summaryshare",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="62b892fbf3020ece7b47ecdee3e311c7053afdc8",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_9bde9",
                            table="operators_summaryshare",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="operators.summaryshare",
                    ),
                ),
            ],
            options={
                "verbose_name": "consultation d’une synthèse",
                "verbose_name_plural": "consultations de synthèses",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a0062d6ee21c37b706dc04d23c2752b06e7bc303",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6e9fd",
                            table="operators_summaryreading",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
