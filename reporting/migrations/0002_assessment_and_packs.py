import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("documents", "0001_initial"),
        ("reporting", "0001_kpis"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessmentRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField(verbose_name="mois clos")),
                ("started_at", models.DateTimeField(verbose_name="début")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="fin")),
                (
                    "state",
                    models.CharField(
                        choices=[("RUNNING", "en cours"), ("DONE", "terminé"), ("FAILED", "en échec")],
                        default="RUNNING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("counts", models.JSONField(default=dict, verbose_name="résultat")),
                (
                    "kpi_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="reporting.kpirun",
                    ),
                ),
                (
                    "requested_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
            ],
            options={
                "verbose_name": "constat mensuel",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="assessment_month_is_first_day",
                        violation_error_message="Un mois est désigné par son premier jour.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionalPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField(verbose_name="mois")),
                ("asked_at", models.DateTimeField(verbose_name="demandé le")),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="territories.region",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="reporting.kpirun",
                    ),
                ),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="en échec le")),
                ("figures", models.JSONField(default=dict, verbose_name="chiffres imprimés")),
            ],
            options={
                "verbose_name": "dossier régional",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="pack_month_is_first_day",
                        violation_error_message="Un mois est désigné par son premier jour.",
                    )
                ],
            },
        ),
    ]
