import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("procurement", "0002_lot_region_identity"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("consortium_name", models.CharField(blank=True, max_length=200, verbose_name="groupement")),
                ("starts_on", models.DateField(verbose_name="début")),
                ("ends_on", models.DateField(verbose_name="fin")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone du public")),
                (
                    "is_demonstration",
                    models.BooleanField(default=False, verbose_name="donnée de démonstration"),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="accounts.organisation",
                        verbose_name="titulaire",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="procurement.lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "contrat",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="contract_dates_ordered",
                        violation_error_message="La fin du contrat précède son début.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("lot", "="),
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
                        name="contract_one_in_force_per_lot",
                        violation_error_message="Un autre contrat est en vigueur pour ce lot à ces dates.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("title", models.CharField(max_length=200, verbose_name="intitulé")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="procurement.contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "engagement",
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "number"), name="commitment_number_unique")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="5c6c7667b338873be7d2420940da98d97c22cd5c",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_0b610",
                            table="procurement_commitment",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitmentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="texte")),
                ("indicator", models.CharField(max_length=40, verbose_name="indicateur")),
                (
                    "comparison",
                    models.CharField(
                        choices=[("AT_LEAST", "au moins"), ("AT_MOST", "au plus")],
                        max_length=10,
                        verbose_name="sens",
                    ),
                ),
                ("target", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="cible")),
                ("penalty_clause", models.CharField(max_length=40, verbose_name="clause du référentiel")),
                ("first_month", models.DateField(verbose_name="premier mois")),
                ("last_month", models.DateField(blank=True, null=True, verbose_name="dernier mois")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="procurement.commitment",
                    ),
                ),
            ],
            options={
                "verbose_name": "version d’engagement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("commitment", "version"), name="commitment_version_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_month__day", 1),
                            models.Q(("last_month__isnull", True), ("last_month__day", 1), _connector="OR"),
                        ),
                        name="commitment_months_are_first_days",
                        violation_error_message="Un mois est désigné par son premier jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_month__isnull", True),
                            ("last_month__gte", models.F("first_month")),
                            _connector="OR",
                        ),
                        name="commitment_months_ordered",
                        violation_error_message="Le dernier mois précède le premier.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("commitment", "="),
                            (
                                models.Func(
                                    "first_month",
                                    "last_month",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=True
                                    ),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="commitment_one_version_a_month",
                        violation_error_message="Une autre version lie déjà ce mois.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="51a63326bfc1ff5c786ed2cb79eb781ba4ca1f80",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_008c0",
                            table="procurement_commitmentversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_and_target_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."commitment_id" IS DISTINCT FROM (NEW."commitment_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."indicator" IS DISTINCT FROM (NEW."indicator") OR OLD."comparison" IS DISTINCT FROM (NEW."comparison") OR OLD."target" IS DISTINCT FROM (NEW."target") OR OLD."penalty_clause" IS DISTINCT FROM (NEW."penalty_clause") OR OLD."first_month" IS DISTINCT FROM (NEW."first_month"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a990c6550a8dbf8fbcd67060b42020314d42031c",
                            operation="UPDATE",
                            pgid="pgtrigger_words_and_target_fixed_81688",
                            table="procurement_commitmentversion",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
