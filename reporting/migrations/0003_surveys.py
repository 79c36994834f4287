import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0009_pathways"),
        ("reporting", "0002_assessment_and_packs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
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
                        choices=[("AT_CLOSING", "à la fin du parcours")], max_length=12, verbose_name="moment"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("ONE", "niveau 1"), ("TWO", "niveau 2")],
                        max_length=3,
                        verbose_name="niveau atteint",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="répondue le")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="jour de réponse")),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (4, "Très satisfait"),
                            (3, "Satisfait"),
                            (2, "Peu satisfait"),
                            (1, "Pas du tout satisfait"),
                        ],
                        null=True,
                        verbose_name="satisfaction",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="operators.pathway",
                    ),
                ),
            ],
            options={
                "verbose_name": "enquête",
                "indexes": [models.Index(fields=["answered_on"], name="survey_answered_on")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pathway", "kind", "sent_at"), name="survey_once_per_closing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_on__isnull", True),
                                ("satisfaction__isnull", True),
                            ),
                            models.Q(
                                ("answered_at__gte", models.F("sent_at")),
                                ("answered_on__isnull", False),
                                ("satisfaction__range", (1, 4)),
                            ),
                            _connector="OR",
                        ),
                        name="survey_answer_complete",
                        violation_error_message="Une réponse porte sa date et sa note.",
                    ),
                ],
            },
        ),
    ]
