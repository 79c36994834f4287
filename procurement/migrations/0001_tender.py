import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="titre")),
                ("legal_reference", models.CharField(max_length=300, verbose_name="référence")),
                ("valid_from", models.DateField(verbose_name="en vigueur depuis")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "brouillon"), ("APPROVED", "approuvé"), ("RETIRED", "retiré")],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("params", models.JSONField(default=dict, verbose_name="paramètres")),
                (
                    "is_demonstration",
                    models.BooleanField(default=False, verbose_name="donnée de démonstration"),
                ),
            ],
            options={
                "verbose_name": "référentiel de règles",
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="rule_set_version_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="rule_set_dates_ordered",
                        violation_error_message="La fin de validité précède son début.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="approved_params_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.state <> 'DRAFT' AND OLD.params IS DISTINCT FROM NEW.params)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="bd0cbdf36b8bd3596fef452ad8e4c0e55d8f2169",
                            operation="UPDATE",
                            pgid="pgtrigger_approved_params_frozen_3e271",
                            table="procurement_ruleset",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Market",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="numéro")),
                ("name", models.CharField(max_length=200, verbose_name="intitulé")),
                ("starts_on", models.DateField(verbose_name="début du service")),
                ("ends_on", models.DateField(verbose_name="fin du service")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="décision du conseil")),
                ("awarded_on", models.DateField(blank=True, null=True, verbose_name="attribution")),
                (
                    "amount_excl_tax",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="montant publié"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markets",
                        to="procurement.ruleset",
                    ),
                ),
            ],
            options={
                "verbose_name": "marché",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="market_dates_ordered",
                        violation_error_message="La fin du marché précède son début.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("REGIONAL", "régional"),
                            ("TECHNICAL", "technique"),
                            ("OVERSEAS_BACKUP", "secours outre-mer"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("OPEN", "en cours"), ("AWARDED", "attribué"), ("NO_OFFER", "infructueux")],
                        default="OPEN",
                        max_length=10,
                        verbose_name="issue",
                    ),
                ),
                (
                    "is_demonstration",
                    models.BooleanField(default=False, verbose_name="donnée de démonstration"),
                ),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="procurement.market",
                    ),
                ),
            ],
            options={
                "verbose_name": "lot",
                "constraints": [
                    models.UniqueConstraint(fields=("market", "number"), name="lot_number_unique"),
                    models.UniqueConstraint(fields=("id", "market", "kind"), name="lot_identity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotRegion",
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
                            ("REGIONAL", "régional"),
                            ("TECHNICAL", "technique"),
                            ("OVERSEAS_BACKUP", "secours outre-mer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lot_regions",
                        to="procurement.lot",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.region"
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procurement.market"
                    ),
                ),
            ],
            options={
                "verbose_name": "région d’un lot",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("market", "kind", "region"),
                        name="region_has_one_lot_of_a_kind",
                        violation_error_message="Cette région a déjà un lot de cette nature.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="lot",
            name="regions",
            field=models.ManyToManyField(
                related_name="lots",
                through="procurement.LotRegion",
                to="territories.region",
                verbose_name="régions",
            ),
        ),
    ]
