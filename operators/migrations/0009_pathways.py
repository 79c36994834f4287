import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("beneficiaries", "0002_request"),
        ("operators", "0008_unmet_demand"),
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pathway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("entered_on", models.DateField(db_index=True, verbose_name="entrée")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "en cours"), ("CLOSED", "clos")],
                        default="OPEN",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="clos le")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PROJECT_READY", "Projet prêt à être mis en œuvre"),
                            ("TRAINING_STARTED", "Formation engagée"),
                            ("JOB_CHANGED", "Changement d’emploi ou d’activité"),
                            ("NEED_MET", "Besoin d’information satisfait"),
                            ("STOPPED", "Arrêt à la demande de la personne"),
                            ("LOST", "Sans nouvelles de la personne"),
                            ("TRANSFERRED", "Confié à un autre opérateur"),
                        ],
                        max_length=20,
                        verbose_name="issue",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pathways",
                        to="operators.adviser",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pathways",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pathways",
                        to="procurement.contract",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.region"
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pathways",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                ("reopened_at", models.DateTimeField(blank=True, null=True, verbose_name="repris le")),
                (
                    "continues",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="operators.pathway",
                        verbose_name="poursuit",
                    ),
                ),
                (
                    "joined_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="operators.pathway",
                        verbose_name="réuni à",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcours",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "CLOSED")),
                        fields=["closed_at"],
                        name="pathway_closed_at",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("beneficiary", "contract"),
                        name="pathway_one_open",
                        violation_error_message="Cette personne a déjà un parcours en cours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", ""), ("state", "OPEN")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "CLOSED"),
                                models.Q(
                                    ("outcome__gt", ""), ("joined_into__isnull", False), _connector="OR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="pathway_closed_complete",
                        violation_error_message="Un parcours clos porte sa date et son issue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("continues__isnull", True),
                            models.Q(("continues", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="pathway_continues_another",
                        violation_error_message="Un parcours en poursuit un autre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_into__isnull", True),
                            models.Q(
                                ("state", "CLOSED"), models.Q(("joined_into", models.F("pk")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="pathway_joined_is_closed",
                        violation_error_message="Un parcours réuni à un autre est clos.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="8938b7ed7c05a305edf2b9bf1ac17cd825c1241f",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_b0d51",
                            table="operators_pathway",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CounsellingSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_at", models.DateTimeField(verbose_name="début")),
                ("zone", models.CharField(max_length=40, verbose_name="fuseau horaire")),
                (
                    "held_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("starts_at"),
                            models.F("zone"),
                            arg_joiner=" AT TIME ZONE ",
                            output_field=models.DateField(),
                            template="((%(expressions)s)::date)",
                        ),
                        output_field=models.DateField(),
                    ),
                ),
                ("duration_minutes", models.PositiveSmallIntegerField(verbose_name="durée en minutes")),
                (
                    "level",
                    models.CharField(
                        choices=[("ONE", "niveau 1"), ("TWO", "niveau 2")],
                        max_length=3,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("ON_SITE", "sur place"), ("PHONE", "par téléphone"), ("VIDEO", "en visio")],
                        max_length=10,
                        verbose_name="modalité",
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
                        verbose_name="thèmes",
                    ),
                ),
                (
                    "next_step",
                    models.CharField(
                        choices=[
                            ("NEXT_SESSION", "Un prochain rendez-vous"),
                            ("PERSON_ACTS", "La personne avance de son côté"),
                            ("REFERRAL", "Une orientation vers un partenaire"),
                            ("CLOSE", "Le parcours s’arrête là"),
                        ],
                        max_length=15,
                        verbose_name="suite",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="saisie le")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="operators.adviser",
                    ),
                ),
                (
                    "appointment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session",
                        to="operators.appointment",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="operators.pathway",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="operators.site",
                    ),
                ),
                (
                    "is_unplanned",
                    models.BooleanField(db_default=False, default=False, verbose_name="imprévue"),
                ),
            ],
            options={
                "verbose_name": "séance",
                "indexes": [models.Index(fields=["held_on", "pathway"], name="session_held_on")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("adviser", "="),
                            (
                                models.Func(
                                    template="tsrange(starts_at AT TIME ZONE 'UTC', (starts_at AT TIME ZONE 'UTC') + make_interval(mins => duration_minutes::integer))"
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    template="CASE WHEN is_unplanned THEN int8range(NULL, NULL) ELSE int8range(id, id, '[]') END"
                                ),
                                "&&",
                            ),
                        ],
                        name="session_unplanned_never_twice",
                        violation_error_message="Une autre séance est déjà saisie à cette heure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_unplanned", False), ("appointment__isnull", True), _connector="OR"
                        ),
                        name="session_unplanned_unbooked",
                        violation_error_message="Une séance imprévue n’a pas de rendez-vous.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duration_minutes__range", (5, 300))),
                        name="session_duration_sane",
                        violation_error_message="Une séance dure de 5 minutes à 5 heures.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_at__gte", models.F("starts_at"))),
                        name="session_recorded_after_start",
                        violation_error_message="On ne saisit une séance qu’une fois commencée.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="pathway_counts",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (SELECT FROM operators_pathway WHERE id = NEW.pathway_id AND joined_into_id IS NOT NULL) THEN\n        RAISE EXCEPTION 'the pathway is joined into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_of_counted_pathway';\n    END IF;\n    RETURN NEW;\n",
                            hash="afb67d374a89f8b981e9046c07826dfdb4bf7b20",
                            operation='INSERT OR UPDATE OF "pathway_id"',
                            pgid="pgtrigger_pathway_counts_da67b",
                            table="operators_counsellingsession",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("given_on", models.DateField(verbose_name="donné le")),
                ("given_at", models.DateTimeField(verbose_name="donné à")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("STAND_IN", "je remplace la personne qui suit ce dossier"),
                            ("HAND_OVER", "ce dossier m’est transmis"),
                            ("CALL", "la personne m’appelle ou m’écrit"),
                            ("SUPERVISION", "on m’a demandé un avis sur ce parcours"),
                            ("OTHER", "autre raison"),
                        ],
                        max_length=20,
                        verbose_name="motif",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="précision")),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_reasons",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "motif d’ouverture",
                "verbose_name_plural": "motifs d’ouverture",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("beneficiary", "user", "given_on"),
                        name="file_reason_once_a_day",
                        violation_error_message="Le motif est déjà donné pour ce jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "OTHER"), ("text__gt", "")),
                            models.Q(models.Q(("kind", "OTHER"), _negated=True), ("text", "")),
                            _connector="OR",
                        ),
                        name="file_reason_other_says_which",
                        violation_error_message="« Autre raison » dit laquelle.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="reason_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."beneficiary_id" IS DISTINCT FROM (NEW."beneficiary_id") OR OLD."given_on" IS DISTINCT FROM (NEW."given_on") OR OLD."given_at" IS DISTINCT FROM (NEW."given_at") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9b8db56a7f396615d78e0e2dfb4750c0d6b22cb5",
                            operation="UPDATE",
                            pgid="pgtrigger_reason_stays_be44f",
                            table="operators_filereason",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
