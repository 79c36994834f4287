import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0003_complaints"),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("EMAIL", "changer d’adresse"),
                            ("ERASURE", "effacer mes données"),
                            ("TRANSFER", "répondre à votre conseiller"),
                        ],
                        max_length=10,
                        verbose_name="confirme",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("code_hash", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField(verbose_name="envoyé le")),
                ("expires_at", models.DateTimeField(verbose_name="périmé après")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="utilisé le")),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="person_codes",
                        to="beneficiaries.beneficiary",
                    ),
                ),
            ],
            options={
                "verbose_name": "code de confirmation d’un droit",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                        name="person_code_expires_after_sending",
                        violation_error_message="Un code périme après son envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__lte", 5)),
                        name="person_code_attempts_bounded",
                        violation_error_message="Trop d’essais.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                ("step_count", models.PositiveSmallIntegerField(default=1, verbose_name="étapes")),
                ("steps_done", models.PositiveSmallIntegerField(default=0, verbose_name="étapes faites")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="retirée après")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="en échec le")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="retirée le")),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_exports",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "copie des données",
                "indexes": [
                    models.Index(
                        models.F("expires_at"),
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        name="export_to_withdraw",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", True), ("expires_at__isnull", True)),
                            models.Q(("document__isnull", False), ("expires_at__gt", models.F("asked_at"))),
                            _connector="OR",
                        ),
                        name="export_ready_expires",
                        violation_error_message="Une copie prête a une date de retrait.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_uuid", models.UUIDField(unique=True, verbose_name="numéro")),
                ("erased_at", models.DateTimeField(db_index=True, verbose_name="effacé le")),
            ],
            options={
                "verbose_name": "effacement",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7b610c367944d510b31128156fbf7d6cb9540887",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c3ad9",
                            table="beneficiaries_erasure",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
