import uuid

import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0011_notes_and_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occupation",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=5, primary_key=True, serialize=False, verbose_name="code ROME"
                    ),
                ),
                ("label", models.CharField(max_length=150, verbose_name="métier")),
                ("search_label", models.CharField(editable=False, max_length=150)),
                ("domain", models.CharField(max_length=80, verbose_name="domaine")),
            ],
            options={
                "verbose_name": "métier",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_label", name="gin_trgm_ops"),
                        name="occupation_label_trgm",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadyAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "code",
                    models.SlugField(blank=True, max_length=40, null=True, unique=True, verbose_name="code"),
                ),
                (
                    "theme",
                    models.CharField(
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
                        verbose_name="thème",
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="action")),
                ("help_text", models.CharField(blank=True, max_length=300, verbose_name="aide")),
                (
                    "actor",
                    models.CharField(
                        choices=[
                            ("PERSON", "la personne"),
                            ("ADVISER", "le conseiller"),
                            ("PARTNER", "un partenaire"),
                        ],
                        max_length=10,
                        verbose_name="qui agit",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="délai proposé en jours")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="retirée le")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ready_actions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "action type",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__isnull", False), ("organisation__isnull", True)),
                            models.Q(("code__isnull", True), ("organisation__isnull", False)),
                            _connector="OR",
                        ),
                        name="ready_action_national_or_own",
                        violation_error_message="Une action type est nationale ou d’un organisme.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__range", (1, 365))),
                        name="ready_action_days_sane",
                        violation_error_message="Le délai proposé va de 1 à 365 jours.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="ouvert le")),
                (
                    "pathway",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_plan",
                        to="operators.pathway",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan d’action",
                "verbose_name_plural": "plans d’action",
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=140, verbose_name="objectif")),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="operators.actionplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "objectif",
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("plan", "position"),
                        name="objective_one_a_rank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__gt", "")),
                        name="objective_has_title",
                        violation_error_message="Un titre est nécessaire.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=140, verbose_name="action")),
                ("help_text", models.CharField(blank=True, max_length=300, verbose_name="aide")),
                (
                    "actor",
                    models.CharField(
                        choices=[
                            ("PERSON", "la personne"),
                            ("ADVISER", "le conseiller"),
                            ("PARTNER", "un partenaire"),
                        ],
                        max_length=10,
                        verbose_name="qui agit",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                (
                    "state",
                    models.CharField(
                        choices=[("TO_DO", "à faire"), ("DONE", "fait"), ("DROPPED", "abandonné")],
                        default="TO_DO",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("state_at", models.DateTimeField(verbose_name="dans cet état depuis le")),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="operators.objective",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("objective", "position"),
                        name="action_one_a_rank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__gt", "")),
                        name="action_has_title",
                        violation_error_message="Un titre est nécessaire.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{TO_DO:DONE,TO_DO:DROPPED,DONE:TO_DO,DROPPED:TO_DO}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="3fd385ec145887568978ba4fa59e0b6a14c6905b",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_90ebc",
                            table="operators_action",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("WRITTEN", "ajoutée"),
                            ("CHANGED", "modifiée"),
                            ("DONE", "faite"),
                            ("UNDONE", "remise à faire"),
                            ("DROPPED", "abandonnée"),
                            ("COMMENTED", "commentée"),
                        ],
                        max_length=10,
                        verbose_name="ce qui s’est passé",
                    ),
                ),
                ("by_person", models.BooleanField(verbose_name="par la personne")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="commentaire")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="operators.action",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mouvement du plan",
                "verbose_name_plural": "mouvements du plan",
                "indexes": [models.Index(models.F("action"), models.F("at"), name="action_move_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by_person", True), ("by__isnull", False), _connector="OR"),
                        name="action_move_of_somebody",
                        violation_error_message="Un mouvement est de quelqu’un.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="kept_as_made",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."action_id" IS DISTINCT FROM (NEW."action_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."by_person" IS DISTINCT FROM (NEW."by_person") OR OLD."at" IS DISTINCT FROM (NEW."at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="7617f0500ab1637db9d4072835942bbf40ae8d00",
                            operation="UPDATE",
                            pgid="pgtrigger_kept_as_made_ce34e",
                            table="operators_actionmove",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_only_erased",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."comment" IS DISTINCT FROM (NEW."comment") AND NOT (NEW."comment" = \'\'))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="2eb4454d26a47ac6fd5ccf54d643fdce421cf874",
                            operation="UPDATE",
                            pgid="pgtrigger_words_only_erased_f86a2",
                            table="operators_actionmove",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="e39d46bd4ce9c2ce5e8c9192c11390b6231ec94d",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_b1844",
                            table="operators_actionmove",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetOccupation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(blank=True, max_length=140, verbose_name="en vos mots")),
                ("added_at", models.DateTimeField(verbose_name="ajouté le")),
                (
                    "occupation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.occupation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="operators.actionplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "métier visé",
                "verbose_name_plural": "métiers visés",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "occupation"),
                        name="target_occupation_once",
                        violation_error_message="Ce métier est déjà dans le plan.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("occupation__isnull", False), ("title", "")),
                            models.Q(("occupation__isnull", True), ("title__gt", "")),
                            _connector="OR",
                        ),
                        name="target_coded_or_titled",
                        violation_error_message="Un métier de la nomenclature, ou un titre libre.",
                    ),
                ],
            },
        ),
    ]
