import uuid

import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(db_index=True, max_length=60, verbose_name="nature")),
                ("title", models.CharField(max_length=200, verbose_name="titre")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("file_name", models.CharField(max_length=120, verbose_name="nom de fichier")),
                ("media_type", models.CharField(max_length=80, verbose_name="type")),
                ("path", models.CharField(max_length=200, unique=True, verbose_name="emplacement")),
                ("size_bytes", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte SHA-256")),
                (
                    "check_code",
                    models.CharField(max_length=24, unique=True, verbose_name="code de vérification"),
                ),
                ("issued_at", models.DateTimeField(verbose_name="émis le")),
            ],
            options={
                "verbose_name": "document",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="document_sha256_hexadecimal",
                        violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5cd5edbfd0853664896f6d8998c61190bc9c6580",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7b253",
                            table="documents_storeddocument",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
