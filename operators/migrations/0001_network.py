import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="adresse de page")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                ("address", models.CharField(max_length=200, verbose_name="adresse")),
                ("zone", models.CharField(max_length=40, verbose_name="fuseau horaire")),
                ("phone", models.CharField(max_length=20, verbose_name="téléphone")),
                ("access", models.TextField(blank=True, verbose_name="accès")),
                ("is_step_free", models.BooleanField(default=True, verbose_name="accès sans marche")),
                ("is_open", models.BooleanField(default=True, verbose_name="ouvert")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="procurement.contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
            },
        ),
        migrations.CreateModel(
            name="SiteClosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_on", models.DateField(verbose_name="du")),
                ("last_on", models.DateField(verbose_name="au")),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="raison, telle que le public la lit"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "fermeture",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="closure_days_ordered",
                        violation_error_message="La fermeture finit avant de commencer.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Adviser",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="en activité")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adviser",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advisers",
                        to="operators.site",
                    ),
                ),
                (
                    "max_per_day",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="rendez-vous par jour au plus"
                    ),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("SIGN_LANGUAGE", "langue des signes"),
                                ("EASY_TO_READ", "documents faciles à lire"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        verbose_name="compétences d’accueil",
                    ),
                ),
            ],
            options={
                "verbose_name": "conseiller",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_per_day__isnull", True), ("max_per_day__gte", 1), _connector="OR"
                        ),
                        name="adviser_max_per_day_positive",
                        violation_error_message="Un maximum par jour vaut au moins 1.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SlotDelay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measured_on", models.DateField(verbose_name="mesuré le")),
                ("measured_at", models.DateTimeField(verbose_name="mesuré à")),
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
                ("first_at", models.DateTimeField(null=True, verbose_name="premier créneau")),
                ("second_at", models.DateTimeField(null=True, verbose_name="deuxième créneau")),
                ("third_at", models.DateTimeField(null=True, verbose_name="troisième créneau")),
                (
                    "first_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="jours jusqu’au premier"),
                ),
                (
                    "second_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="jours jusqu’au deuxième"),
                ),
                (
                    "third_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="jours jusqu’au troisième"),
                ),
                ("free_count", models.PositiveIntegerField(verbose_name="heures libres")),
                ("before_9_count", models.PositiveIntegerField(verbose_name="avant 9 heures")),
                ("lunch_count", models.PositiveIntegerField(verbose_name="entre midi et 14 heures")),
                ("after_18_count", models.PositiveIntegerField(verbose_name="après 18 heures")),
                ("saturday_count", models.PositiveIntegerField(verbose_name="le samedi")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delays",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "délai mesuré",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "level", "mode", "measured_on"),
                        name="slot_delay_once_a_night",
                        violation_error_message="Ce délai a déjà été mesuré ce jour-là.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first_at__isnull", True),
                                ("second_at__isnull", True),
                                ("third_at__isnull", True),
                            ),
                            models.Q(
                                ("first_at__isnull", False),
                                models.Q(
                                    models.Q(("second_at__isnull", True), ("third_at__isnull", True)),
                                    models.Q(
                                        ("second_at__gt", models.F("first_at")),
                                        ("second_at__isnull", False),
                                        models.Q(
                                            ("third_at__isnull", True),
                                            ("third_at__gt", models.F("second_at")),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="slot_delay_ranks_ordered",
                        violation_error_message="Le deuxième créneau suit le premier, le troisième le deuxième.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("first_at__isnull", True), ("first_days__isnull", True)),
                                models.Q(("first_at__isnull", False), ("first_days__isnull", False)),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("second_at__isnull", True), ("second_days__isnull", True)),
                                models.Q(("second_at__isnull", False), ("second_days__isnull", False)),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("third_at__isnull", True), ("third_days__isnull", True)),
                                models.Q(("third_at__isnull", False), ("third_days__isnull", False)),
                                _connector="OR",
                            ),
                        ),
                        name="slot_delay_days_with_instants",
                        violation_error_message="Un délai a son créneau, un créneau a son délai.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("before_9_count__lte", models.F("free_count")),
                            ("lunch_count__lte", models.F("free_count")),
                            ("after_18_count__lte", models.F("free_count")),
                            ("saturday_count__lte", models.F("free_count")),
                            models.Q(
                                models.Q(("first_at__isnull", True), ("free_count", 0)),
                                models.Q(("first_at__isnull", False), ("free_count__gt", 0)),
                                _connector="OR",
                            ),
                        ),
                        name="slot_delay_counts_fit",
                        violation_error_message="Les heures comptées ne s’accordent pas.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="06cab4298030956f47d4151f8b97975abea2b6ba",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_df159",
                            table="operators_slotdelay",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
