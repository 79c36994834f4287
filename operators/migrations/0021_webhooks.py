import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0020_extracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.CharField(max_length=300, verbose_name="adresse")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("REQUEST_REGISTERED", "demande reçue"),
                                ("APPOINTMENT_BOOKED", "rendez-vous pris"),
                                ("APPOINTMENT_MOVED", "rendez-vous déplacé"),
                                ("APPOINTMENT_CANCELLED", "rendez-vous annulé"),
                                ("APPOINTMENT_ATTENDED", "rendez-vous honoré"),
                                ("APPOINTMENT_NO_SHOW", "rendez-vous non honoré"),
                                ("SESSION_LOGGED", "séance saisie"),
                                ("PATHWAY_ENTERED", "parcours commencé"),
                                ("PATHWAY_REOPENED", "parcours repris"),
                                ("PATHWAY_CONTINUED", "parcours reçu d’un autre opérateur"),
                                ("PATHWAY_CLOSED", "parcours clos"),
                                ("DELIVERY_FINISHED", "remontée lue"),
                                ("TEST", "essai"),
                            ],
                            max_length=24,
                        ),
                        verbose_name="événements",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "actif"), ("SUSPENDED", "suspendu"), ("ENDED", "terminé")],
                        default="ACTIVE",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="créé le")),
                ("key_id", models.CharField(blank=True, max_length=16, verbose_name="clé")),
                ("sealed", models.BinaryField(verbose_name="secret scellé")),
                (
                    "former_key_id",
                    models.CharField(blank=True, max_length=16, verbose_name="clé du secret précédent"),
                ),
                ("former_sealed", models.BinaryField(default=b"", verbose_name="secret précédent scellé")),
                (
                    "former_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="secret précédent valable jusqu’à"
                    ),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="en échec depuis"),
                ),
                ("suspended_at", models.DateTimeField(blank=True, null=True, verbose_name="suspendu le")),
                (
                    "suspension",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BY_MANAGER", "par un responsable"),
                            ("FAILING", "après des jours d’échecs"),
                            ("GONE", "le logiciel a répondu 410 : adresse supprimée"),
                        ],
                        max_length=10,
                        verbose_name="suspendu",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="terminé le")),
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
                "verbose_name": "abonnement d’un logiciel",
                "verbose_name_plural": "abonnements des logiciels",
                "indexes": [models.Index(fields=["organisation"], name="webhook_organisation")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("url__startswith", "https://")),
                        name="webhook_url_is_https",
                        violation_error_message="L’adresse commence par https://.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kinds__contained_by",
                                [
                                    "REQUEST_REGISTERED",
                                    "APPOINTMENT_BOOKED",
                                    "APPOINTMENT_MOVED",
                                    "APPOINTMENT_CANCELLED",
                                    "APPOINTMENT_ATTENDED",
                                    "APPOINTMENT_NO_SHOW",
                                    "SESSION_LOGGED",
                                    "PATHWAY_ENTERED",
                                    "PATHWAY_REOPENED",
                                    "PATHWAY_CONTINUED",
                                    "PATHWAY_CLOSED",
                                    "DELIVERY_FINISHED",
                                    "TEST",
                                ],
                            ),
                            ("kinds__len__gt", 0),
                            models.Q(("kinds__contains", ["TEST"]), _negated=True),
                        ),
                        name="webhook_kinds_known",
                        violation_error_message="Un abonnement suit au moins un événement de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("key_id", ""),
                                ("sealed", b""),
                                ("state", "ENDED"),
                            ),
                            models.Q(
                                models.Q(("state", "ENDED"), _negated=True),
                                ("ended_at__isnull", True),
                                ("key_id__regex", "^[0-9a-f]{16}$"),
                                ("sealed__gt", b""),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_secret_sealed_until_ended",
                        violation_error_message="Le secret est scellé, puis détruit à la fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("former_key_id", ""), ("former_sealed", b""), ("former_until__isnull", True)
                            ),
                            models.Q(
                                ("former_key_id__regex", "^[0-9a-f]{16}$"),
                                ("former_sealed__gt", b""),
                                ("former_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_former_secret_whole",
                        violation_error_message="Le secret précédent a une fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "SUSPENDED"),
                                ("suspended_at__isnull", False),
                                ("suspension__gt", ""),
                            ),
                            models.Q(
                                models.Q(("state", "SUSPENDED"), _negated=True),
                                ("suspended_at__isnull", True),
                                ("suspension", ""),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_suspension_said",
                        violation_error_message="Une suspension a une date et une raison.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.UUIDField(verbose_name="identifiant")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("REQUEST_REGISTERED", "demande reçue"),
                            ("APPOINTMENT_BOOKED", "rendez-vous pris"),
                            ("APPOINTMENT_MOVED", "rendez-vous déplacé"),
                            ("APPOINTMENT_CANCELLED", "rendez-vous annulé"),
                            ("APPOINTMENT_ATTENDED", "rendez-vous honoré"),
                            ("APPOINTMENT_NO_SHOW", "rendez-vous non honoré"),
                            ("SESSION_LOGGED", "séance saisie"),
                            ("PATHWAY_ENTERED", "parcours commencé"),
                            ("PATHWAY_REOPENED", "parcours repris"),
                            ("PATHWAY_CONTINUED", "parcours reçu d’un autre opérateur"),
                            ("PATHWAY_CLOSED", "parcours clos"),
                            ("DELIVERY_FINISHED", "remontée lue"),
                            ("TEST", "essai"),
                        ],
                        max_length=24,
                        verbose_name="événement",
                    ),
                ),
                ("body", models.TextField(verbose_name="corps")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "à envoyer"),
                            ("RETRYING", "nouvel essai prévu"),
                            ("DELIVERED", "reçu"),
                            ("GIVEN_UP", "abandonné"),
                        ],
                        default="PENDING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="écrit le")),
                (
                    "next_try_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="prochain essai après"),
                ),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("handed_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("tries_before", models.PositiveSmallIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="reçu le")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="operators.webhooksubscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "message à un logiciel",
                "verbose_name_plural": "messages aux logiciels",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["subscription", "next_try_at"],
                        name="webhook_message_due",
                    ),
                    models.Index(fields=["subscription", "-created_at"], name="webhook_message_recent"),
                    models.Index(fields=["created_at"], name="webhook_message_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "event"), name="webhook_event_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_try_at__isnull", False), ("state__in", ("PENDING", "RETRYING"))),
                            models.Q(
                                ("claimed_until__isnull", True),
                                ("next_try_at__isnull", True),
                                ("state__in", ("DELIVERED", "GIVEN_UP")),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_message_due_while_live",
                        violation_error_message="Un message en route a un prochain essai, les autres n’en ont pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "DELIVERED")),
                            models.Q(
                                models.Q(("state", "DELIVERED"), _negated=True),
                                ("delivered_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_message_delivered_has_instant",
                        violation_error_message="Un message reçu porte l’instant de sa réception.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries__gte", models.F("tries_before"))),
                        name="webhook_message_tries_grow",
                        violation_error_message="Les essais d’avant un renvoi comptent parmi tous.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("started_at", models.DateTimeField(verbose_name="commencé le")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="fini le")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="code HTTP")),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("STATUS", "réponse autre que 2xx"),
                            ("FORBIDDEN", "adresse réservée : seul l’internet public est permis"),
                            ("UNKNOWN_HOST", "nom d’hôte introuvable"),
                            ("CERTIFICATE", "certificat refusé"),
                            ("TIMEOUT", "pas de réponse à temps"),
                            ("UNREACHABLE", "connexion refusée ou coupée"),
                            ("UNREADABLE", "réponse illisible"),
                            ("LOST", "envoi interrompu de notre côté"),
                        ],
                        max_length=12,
                        verbose_name="échec",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="operators.webhookmessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "essai d’envoi à un logiciel",
                "verbose_name_plural": "essais d’envoi aux logiciels",
                "constraints": [
                    models.UniqueConstraint(fields=("message", "number"), name="webhook_try_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("failure", ""), ("finished_at__isnull", True), ("status__isnull", True)
                            ),
                            models.Q(("finished_at__isnull", False), ("status__isnull", False)),
                            models.Q(("failure__gt", ""), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="webhook_try_outcome_when_finished",
                        violation_error_message="Un essai fini a un code ou une raison.",
                    ),
                ],
            },
        ),
    ]
