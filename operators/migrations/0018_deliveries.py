import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0017_reception"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_trial", models.BooleanField(default=False, verbose_name="simple vérification")),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                ("software", models.CharField(blank=True, max_length=80, verbose_name="logiciel")),
                ("idempotency_key", models.UUIDField(blank=True, null=True, unique=True)),
                ("file_name", models.CharField(max_length=120, verbose_name="nom du fichier")),
                (
                    "file_format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("size_bytes", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte SHA-256")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "en attente"),
                            ("RUNNING", "lecture en cours"),
                            ("DONE", "lue"),
                            ("REFUSED", "illisible"),
                            ("FAILED", "en échec"),
                        ],
                        default="WAITING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="raison")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="lecture commencée le"),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="lecture finie le")),
                ("line_count", models.PositiveIntegerField(default=0, verbose_name="lignes")),
                ("new_count", models.PositiveIntegerField(default=0, verbose_name="nouvelles")),
                ("changed_count", models.PositiveIntegerField(default=0, verbose_name="modifiées")),
                ("same_count", models.PositiveIntegerField(default=0, verbose_name="déjà connues")),
                ("refused_count", models.PositiveIntegerField(default=0, verbose_name="refusées")),
                ("refused_fields", models.JSONField(default=dict, verbose_name="refus par champ")),
                ("empty_fields", models.JSONField(default=dict, verbose_name="champs facultatifs vides")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "remontée",
                "indexes": [models.Index(fields=["organisation", "-sent_at"], name="delivery_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "line_count",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("new_count"), "+", models.F("changed_count")
                                        ),
                                        "+",
                                        models.F("same_count"),
                                    ),
                                    "+",
                                    models.F("refused_count"),
                                ),
                            )
                        ),
                        name="delivery_counts_add_up",
                        violation_error_message="Chaque ligne est prise, déjà connue ou refusée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ["WAITING", "RUNNING"])),
                            models.Q(
                                ("finished_at__isnull", False), ("state__in", ["DONE", "REFUSED", "FAILED"])
                            ),
                            _connector="OR",
                        ),
                        name="delivery_over_has_end",
                        violation_error_message="Une remontée lue a une heure de fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("line_count", 0), ("reason__gt", ""), ("state__in", ["REFUSED", "FAILED"])
                            ),
                            models.Q(
                                models.Q(("state__in", ["REFUSED", "FAILED"]), _negated=True), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="delivery_refused_tells_why",
                        violation_error_message="Une remontée illisible dit pourquoi, et rien n’en est gardé.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="716ef712ff183bf60f6323116952b43202e113a2",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_fc7a0",
                            table="operators_datadelivery",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="ligne")),
                (
                    "person",
                    models.CharField(blank=True, max_length=100, verbose_name="numéro de la personne"),
                ),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(blank=True), verbose_name="cellules"
                    ),
                ),
                ("problems", models.JSONField(verbose_name="à corriger")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused_lines",
                        to="operators.datadelivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne refusée",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("delivery", "number"),
                        name="refused_line_once",
                        violation_error_message="Une ligne n’est refusée qu’une fois.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalKey",
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
                            ("PERSONNE", "personne"),
                            ("DEMANDE", "demande"),
                            ("RENDEZ_VOUS", "rendez-vous"),
                            ("PARCOURS", "parcours"),
                            ("SEANCE", "séance"),
                            ("CLOTURE", "clôture"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("external_id", models.CharField(max_length=100, verbose_name="numéro chez l’opérateur")),
                ("target", models.UUIDField(verbose_name="désigne")),
                (
                    "digest",
                    models.BinaryField(max_length=16, null=True, verbose_name="empreinte de la ligne"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="operators.datadelivery",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "numéro de l’opérateur",
                "indexes": [models.Index(fields=["target"], name="external_key_target")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "kind", "external_id"),
                        name="external_key_unique",
                        violation_error_message="Ce numéro désigne déjà autre chose.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("former", models.JSONField(verbose_name="avant")),
                ("replaced_at", models.DateTimeField(verbose_name="remplacé le")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.datadelivery",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_facts",
                        to="operators.externalkey",
                    ),
                ),
            ],
            options={
                "verbose_name": "fait remplacé",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3ba7fe3e6d17a70de5324ae53ff40a1739767478",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8d886",
                            table="operators_formerfact",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplyAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since_on", models.DateField(verbose_name="dernière donnée le")),
                ("days", models.PositiveSmallIntegerField(verbose_name="jours")),
                ("raised_at", models.DateTimeField(verbose_name="donnée le")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supply_alarms",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "alerte de remontée",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "since_on", "days"),
                        name="supply_alarm_once",
                        violation_error_message="Cette alerte a déjà été donnée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__in", [30, 90, 150])),
                        name="supply_alarm_known_term",
                        violation_error_message="Une alerte est donnée à 30, 90 ou 150 jours.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3bd925a9cb048bce60fea272dc2c7ce996b24538",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dce61",
                            table="operators_supplyalarm",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
