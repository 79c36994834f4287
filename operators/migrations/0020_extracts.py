import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0019_software"),
    ]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ACTIVITY", "Activité par lieu et par mois"),
                            ("SESSIONS", "Séances, une ligne par séance"),
                            ("APPOINTMENTS", "Rendez-vous, une ligne par rendez-vous"),
                        ],
                        max_length=12,
                        verbose_name="contenu",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="du")),
                ("ends_on", models.DateField(verbose_name="au")),
                (
                    "file_format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Classeur (XLSX)")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("purpose", models.TextField(max_length=500, verbose_name="pour quoi faire")),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "à décider"),
                            ("REFUSED", "refusée"),
                            ("CANCELLED", "retirée"),
                            ("GRANTED", "accordée, en préparation"),
                            ("READY", "prête"),
                            ("FAILED", "en échec"),
                            ("OVER", "échue, fichier détruit"),
                        ],
                        default="ASKED",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="décidée le")),
                (
                    "judged_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BENEFICIARY", "bénéficiaire"),
                            ("INTAKE_OFFICER", "chargé d’information"),
                            ("ADVISER", "conseiller"),
                            ("OPERATOR_MANAGER", "responsable d’opérateur"),
                            ("PARTNER", "partenaire"),
                            ("ANALYST", "chargé d’études"),
                            ("CONTRACT_MANAGER", "gestionnaire de contrats"),
                            ("BUYER", "acheteur"),
                            ("DECIDER", "décideur"),
                            ("COMMITTEE_MEMBER", "membre du CREFOP"),
                            ("ADMINISTRATOR", "administrateur"),
                        ],
                        max_length=20,
                        verbose_name="décidée en tant que",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="raison du refus")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="préparation commencée le"),
                ),
                ("line_count", models.PositiveIntegerField(default=0, verbose_name="lignes")),
                ("lines_done", models.PositiveIntegerField(default=0, verbose_name="lignes écrites")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="prête le")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="détruite après")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="emplacement")),
                ("size_bytes", models.PositiveBigIntegerField(default=0, verbose_name="taille en octets")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="empreinte SHA-256")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extracts",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "extraction",
                "indexes": [
                    models.Index(fields=["organisation", "-asked_at"], name="extract_latest"),
                    models.Index(
                        models.F("expires_at"),
                        condition=models.Q(("state", "READY")),
                        name="extract_to_destroy",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ASKED")),
                        fields=("asked_by", "organisation", "kind", "starts_on", "ends_on", "file_format"),
                        name="extract_asked_once",
                        violation_error_message="Cette extraction est déjà demandée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ends_on__lt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_on"), "+", models.Value(datetime.timedelta(days=366))
                                ),
                            ),
                            ("starts_on__lte", models.F("ends_on")),
                        ),
                        name="extract_a_year_at_most",
                        violation_error_message="Une extraction porte sur un an au plus.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__gt", "")),
                        name="extract_purpose_in_words",
                        violation_error_message="Dites pour quoi faire.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_by__isnull", True),
                            models.Q(("judged_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="extract_never_judged_by_asker",
                        violation_error_message="On ne décide pas de sa propre demande.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("judged_as", ""),
                                ("judged_at__isnull", True),
                                ("judged_by__isnull", True),
                                ("state__in", ("ASKED", "CANCELLED")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("ASKED", "CANCELLED")), _negated=True),
                                ("judged_as__gt", ""),
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="extract_judged_completely",
                        violation_error_message="Une décision dit qui, quand et en tant que quoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("SESSIONS", "APPOINTMENTS")), _negated=True),
                            ("judged_as__in", ["", "CONTRACT_MANAGER"]),
                            _connector="OR",
                        ),
                        name="extract_about_people_judged_outside",
                        violation_error_message="France compétences décide des fichiers qui parlent de personnes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason__gt", ""), ("state", "REFUSED")),
                            models.Q(models.Q(("state", "REFUSED"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="extract_refusal_tells_why",
                        violation_error_message="Un refus dit pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__gt", models.F("made_at")),
                                (
                                    "expires_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("made_at"), "+", models.Value(datetime.timedelta(days=2))
                                    ),
                                ),
                                ("made_at__isnull", False),
                                ("state__in", ["READY", "OVER"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["READY", "OVER"]), _negated=True),
                                ("expires_at__isnull", True),
                                ("made_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="extract_file_lives_two_days",
                        violation_error_message="Un fichier vit deux jours au plus.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("path__gt", ""), ("sha256__regex", "^[0-9a-f]{64}$"), ("state", "READY")
                            ),
                            models.Q(models.Q(("state", "READY"), _negated=True), ("path", "")),
                            _connector="OR",
                        ),
                        name="extract_file_only_when_ready",
                        violation_error_message="Seule une extraction prête a un fichier.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="7ad2bacaaf97d554fbcd347f725085dfa67a5237",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_b5707",
                            table="operators_extract",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="request_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."file_format" IS DISTINCT FROM (NEW."file_format") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="be729c85ece11a946cf6f0f75b463ee57b90859d",
                            operation="UPDATE",
                            pgid="pgtrigger_request_fixed_17068",
                            table="operators_extract",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
