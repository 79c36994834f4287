import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0018_deliveries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("secret_hash", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("SLOTS_READ", "lire les lieux et les créneaux libres"),
                                ("APPOINTMENTS_READ", "lire les rendez-vous"),
                                ("APPOINTMENTS_WRITE", "prendre, déplacer et annuler des rendez-vous"),
                                ("REQUESTS_READ", "lire les demandes, sans nom ni contact"),
                                (
                                    "PATHWAYS_READ",
                                    "lire les parcours et les séances : dates, niveaux, issues, rien de ce qui s’y dit",
                                ),
                                ("SESSIONS_WRITE", "saisir ce que sont devenus les rendez-vous"),
                                ("DELIVERIES_READ", "lire les remontées et leurs lignes refusées"),
                                ("DELIVERIES_WRITE", "envoyer des remontées"),
                                ("INDICATORS_READ", "lire les indicateurs de votre contrat"),
                            ],
                            max_length=20,
                        ),
                        verbose_name="droits",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="créé le")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="révoqué le")),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernier jeton le"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "logiciel autorisé",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                [
                                    "SLOTS_READ",
                                    "APPOINTMENTS_READ",
                                    "APPOINTMENTS_WRITE",
                                    "REQUESTS_READ",
                                    "PATHWAYS_READ",
                                    "SESSIONS_WRITE",
                                    "DELIVERIES_READ",
                                    "DELIVERIES_WRITE",
                                    "INDICATORS_READ",
                                ],
                            ),
                            ("scopes__len__gt", 0),
                        ),
                        name="api_client_scopes_known",
                        violation_error_message="Un logiciel a au moins un droit de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secret_hash__regex", "^[0-9a-f]{64}$")),
                        name="api_client_secret_hashed",
                        violation_error_message="Seule la trace du secret est gardée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at__isnull", True),
                            ("revoked_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="api_client_revoked_after_creation",
                        violation_error_message="On révoque ce qui existe.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyUse",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("trace", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(db_index=True, verbose_name="servie le")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.apiclient",
                    ),
                ),
            ],
            options={
                "verbose_name": "clé d’idempotence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("trace__regex", "^[0-9a-f]{64}$")),
                        name="key_use_traced",
                        violation_error_message="Seule la trace des faits est gardée.",
                    )
                ],
            },
        ),
    ]
