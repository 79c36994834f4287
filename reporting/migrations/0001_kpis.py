import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KpiRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("known_at", models.DateTimeField(verbose_name="faits connus au")),
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
                ("engine_version", models.CharField(max_length=20, verbose_name="version du calcul")),
                ("masked_totals", models.JSONField(default=list, verbose_name="totaux nationaux masqués")),
                (
                    "masking_threshold",
                    models.PositiveSmallIntegerField(default=5, verbose_name="seuil du secret statistique"),
                ),
            ],
            options={
                "verbose_name": "calcul des indicateurs",
            },
        ),
        migrations.CreateModel(
            name="KpiValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kpi", models.CharField(max_length=40, verbose_name="indicateur")),
                (
                    "definition_version",
                    models.PositiveSmallIntegerField(verbose_name="version de la définition"),
                ),
                (
                    "period_kind",
                    models.CharField(
                        choices=[("MONTH", "mois"), ("YEAR", "année")], max_length=5, verbose_name="période"
                    ),
                ),
                ("period_starts_on", models.DateField(verbose_name="premier jour")),
                ("numerator", models.BigIntegerField(verbose_name="numérateur")),
                ("denominator", models.BigIntegerField(blank=True, null=True, verbose_name="dénominateur")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kpi_values",
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="reporting.kpirun",
                    ),
                ),
                ("is_masked", models.BooleanField(default=False, verbose_name="secret statistique")),
            ],
            options={
                "verbose_name": "valeur d’indicateur",
                "indexes": [models.Index(fields=["region", "period_kind", "kpi"], name="kpi_value_region")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kpi", "period_kind", "period_starts_on", "contract", "region"),
                        name="kpi_value_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("numerator__gte", 0),
                            models.Q(("denominator__isnull", True), ("denominator__gte", 0), _connector="OR"),
                        ),
                        name="kpi_counts_not_negative",
                        violation_error_message="Un effectif n’est jamais négatif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("period_kind", "MONTH"), ("period_starts_on__day", 1)),
                            models.Q(
                                ("period_kind", "YEAR"),
                                ("period_starts_on__day", 1),
                                ("period_starts_on__month", 1),
                            ),
                            _connector="OR",
                        ),
                        name="kpi_period_starts_its_month",
                        violation_error_message="Une période est désignée par son premier jour.",
                    ),
                ],
            },
        ),
    ]
