import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0001_network"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="période")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="operators.adviser",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["adviser", "period"], name="absence_period"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False),
                            ("period__lower_inf", False),
                            ("period__upper_inf", False),
                        ),
                        name="absence_period_bounded",
                        violation_error_message="Une absence a un début et une fin.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringAbsence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="jour (1 = lundi)")),
                ("starts", models.TimeField(verbose_name="de")),
                ("ends", models.TimeField(verbose_name="à")),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(default=1, verbose_name="toutes les n semaines"),
                ),
                ("first_on", models.DateField(verbose_name="à partir du")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recurring_absences",
                        to="operators.adviser",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence régulière",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (1, 7))),
                        name="recurring_absence_weekday_iso",
                        violation_error_message="Un jour va de 1 (lundi) à 7 (dimanche).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__gt", models.F("starts")),
                            ("every_weeks__gte", 1),
                            models.Q(
                                ("last_on__isnull", True),
                                ("last_on__gte", models.F("first_on")),
                                _connector="OR",
                            ),
                        ),
                        name="recurring_absence_ordered",
                        violation_error_message="La fin précède le début.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "adviser",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="calendar_feed",
                        serialize=False,
                        to="operators.adviser",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="créée le")),
            ],
            options={
                "verbose_name": "adresse d’agenda",
            },
        ),
        migrations.CreateModel(
            name="LinkFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="jour")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ALTERED", "lien coupé ou modifié"),
                            ("UNKNOWN", "rendez-vous inconnu"),
                            ("OVER", "lien terminé"),
                        ],
                        max_length=10,
                        verbose_name="raison",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="nombre")),
            ],
            options={
                "verbose_name": "échec de lien",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "reason"),
                        name="link_failure_once_a_day",
                        violation_error_message="Un compte par jour et par raison.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="jour (1 = lundi)")),
                ("opens", models.TimeField(verbose_name="ouvre à")),
                ("closes", models.TimeField(verbose_name="ferme à")),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(default=1, verbose_name="toutes les n semaines"),
                ),
                ("first_on", models.DateField(verbose_name="à partir du")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("ONE", "niveau 1"), ("TWO", "niveau 2")], max_length=3
                        ),
                        verbose_name="niveaux",
                    ),
                ),
                (
                    "modes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ON_SITE", "sur place"),
                                ("PHONE", "par téléphone"),
                                ("VIDEO", "en visio"),
                            ],
                            max_length=10,
                        ),
                        verbose_name="modalités",
                    ),
                ),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(default=60, verbose_name="durée en minutes"),
                ),
                (
                    "buffer_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="battement en minutes"),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_rules",
                        to="operators.adviser",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_rules",
                        to="operators.site",
                    ),
                ),
                (
                    "second_adviser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_opening_rules",
                        to="operators.adviser",
                    ),
                ),
            ],
            options={
                "verbose_name": "plage d’ouverture",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (1, 7))),
                        name="opening_weekday_iso",
                        violation_error_message="Un jour va de 1 (lundi) à 7 (dimanche).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="opening_hours_ordered",
                        violation_error_message="La fermeture précède l’ouverture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("every_weeks__gte", 1), ("slot_minutes__gte", 15), ("slot_minutes__lte", 240)
                        ),
                        name="opening_recurrence_positive",
                        violation_error_message="Une séance dure de 15 minutes à 4 heures.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_adviser__isnull", True),
                            models.Q(("second_adviser", models.F("adviser")), _negated=True),
                            _connector="OR",
                        ),
                        name="opening_two_advisers_differ",
                        violation_error_message="Un binôme compte deux personnes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.DateField(verbose_name="jour")),
                ("opens", models.TimeField(blank=True, null=True, verbose_name="ouvre à")),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="ferme à")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="operators.openingrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "day"),
                        name="opening_exception_once_a_day",
                        violation_error_message="Cette plage a déjà une exception ce jour-là.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("opens__isnull", True)),
                            models.Q(
                                ("closes__gt", models.F("opens")),
                                ("closes__isnull", False),
                                ("opens__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="opening_exception_closed_or_hours",
                        violation_error_message="Donnez deux heures dans l’ordre, ou aucune pour fermer ce jour-là.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdviserTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="temps pris"),
                ),
                ("source", models.UUIDField(verbose_name="rendez-vous ou réunion")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="retenu jusqu’à")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="operators.adviser"
                    ),
                ),
            ],
            options={
                "verbose_name": "temps pris",
                "indexes": [
                    models.Index(
                        models.F("adviser"),
                        django.db.models.functions.text.Lower("period"),
                        name="adviser_time_start",
                    ),
                    models.Index(fields=["source"], name="adviser_time_source"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("adviser", "="), ("period", "&&")],
                        name="adviser_time_never_twice",
                        violation_error_message="Ce créneau vient d’être pris.",
                    )
                ],
            },
        ),
    ]
