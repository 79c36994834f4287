import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.UnaccentExtension(),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="nom")),
                (
                    "siret",
                    models.CharField(blank=True, max_length=14, null=True, unique=True, verbose_name="SIRET"),
                ),
                ("is_fictional", models.BooleanField(default=False, verbose_name="fictif")),
            ],
            options={
                "verbose_name": "organisme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("siret__isnull", True), ("siret__regex", "^\\d{14}$"), _connector="OR"
                        ),
                        name="organisation_siret_digits",
                        violation_error_message="Le SIRET compte 14 chiffres.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="adresse électronique"),
                ),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="prénom")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="nom")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                ("joined_at", models.DateTimeField(auto_now_add=True, verbose_name="inscrit le")),
            ],
            options={
                "verbose_name": "utilisateur",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="user_email_unique",
                        violation_error_message="Cette adresse a déjà un compte.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
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
                        verbose_name="rôle",
                    ),
                ),
                ("region_code", models.CharField(blank=True, max_length=3, null=True, verbose_name="région")),
                ("region_name", models.CharField(blank=True, max_length=60, verbose_name="nom de la région")),
                ("starts_on", models.DateField(verbose_name="début")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="fin")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="retiré le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandat",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation__isnull", False),
                                ("region_code__isnull", True),
                                ("role__in", ("ADVISER", "INTAKE_OFFICER", "OPERATOR_MANAGER", "PARTNER")),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("region_code__isnull", False),
                                ("role__in", ("COMMITTEE_MEMBER",)),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("region_code__isnull", True),
                                (
                                    "role__in",
                                    (
                                        "ADMINISTRATOR",
                                        "ANALYST",
                                        "BUYER",
                                        "CONTRACT_MANAGER",
                                        "DECIDER",
                                        "BENEFICIARY",
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="mandate_scope",
                        violation_error_message="Le périmètre du mandat ne convient pas au rôle.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="mandate_dates_ordered",
                        violation_error_message="La fin du mandat précède son début.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        expressions=[
                            ("user", "="),
                            ("role", "="),
                            (django.db.models.functions.comparison.Coalesce("organisation_id", 0), "="),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    "region_code", models.Value("")
                                ),
                                "=",
                            ),
                            (
                                models.Func(
                                    "starts_on",
                                    "ends_on",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=True
                                    ),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="mandate_no_overlap",
                        violation_error_message="Cette personne a déjà ce mandat sur la période.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BrowserSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="clé de session")),
                ("browser", models.CharField(max_length=80, verbose_name="navigateur")),
                ("started_at", models.DateTimeField(verbose_name="ouverte le")),
                ("last_seen_at", models.DateTimeField(verbose_name="vue le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="browser_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "connexion",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_seen_at__gte", models.F("started_at"))),
                        name="browser_session_seen_after_start",
                        violation_error_message="Une connexion est vue après son ouverture.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="instant")),
                ("action", models.CharField(db_index=True, max_length=80, verbose_name="acte")),
                ("target_type", models.CharField(max_length=60, verbose_name="type d’objet")),
                ("target_id", models.BigIntegerField(verbose_name="objet")),
                ("data", models.JSONField(default=dict, verbose_name="détail")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne du journal",
                "indexes": [models.Index(fields=["target_type", "target_id"], name="audit_target")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="bbfcde1b77926f78fd8c629a93f60c76deb6f2f5",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_a0b21",
                            table="accounts_auditevent",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="kept_a_year",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.at > now() - interval '12 months' OR (OLD.action ~ '^(procurement|reporting)[.]' AND OLD.action !~ '[.]opened$'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="9ccf593733733687625dc6cfd6c60b8add5c4f80",
                            operation="DELETE",
                            pgid="pgtrigger_kept_a_year_f6b3a",
                            table="accounts_auditevent",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
