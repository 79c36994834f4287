import uuid

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="clé")),
                ("recipient", models.CharField(max_length=254, verbose_name="destinataire")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="objet")),
                ("body", models.TextField(verbose_name="texte")),
                ("attachment_name", models.CharField(blank=True, max_length=80, verbose_name="pièce jointe")),
                ("attachment_type", models.CharField(blank=True, max_length=80, verbose_name="type")),
                ("attachment", models.TextField(blank=True, verbose_name="contenu joint")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DUE", "à envoyer"),
                            ("SENT", "envoyé"),
                            ("EXPIRED", "périmé"),
                            ("FAILED", "en échec"),
                            ("CANCELLED", "retiré"),
                        ],
                        default="DUE",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="écrit le")),
                ("due_at", models.DateTimeField(verbose_name="à envoyer à partir de")),
                ("expires_at", models.DateTimeField(verbose_name="périmé après")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="dernière erreur")),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="nouvel essai après")),
                (
                    "about_kind",
                    models.CharField(blank=True, db_default="", max_length=40, verbose_name="au sujet de"),
                ),
                ("about_uuid", models.UUIDField(blank=True, null=True)),
                ("about_version", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "channel",
                    models.CharField(
                        choices=[("EMAIL", "courriel"), ("SMS", "SMS")],
                        db_default="EMAIL",
                        default="EMAIL",
                        max_length=5,
                        verbose_name="voie",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ACT", "suite d’un acte"),
                            ("CODE", "code"),
                            ("REMINDER", "rappel"),
                            ("OFFER", "créneau proposé"),
                            ("ALERT", "alerte"),
                            ("SURVEY", "enquête"),
                            ("STAFF", "message de service"),
                        ],
                        db_default="ACT",
                        default="ACT",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "person_key",
                    models.CharField(blank=True, db_default="", max_length=40, verbose_name="personne"),
                ),
                (
                    "withdrawn",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BY_ACT", "l’acte a été défait"),
                            ("NO_LONGER_TRUE", "ce qu’il dit n’est plus vrai"),
                            ("CAPPED", "trop de messages à cette personne en un jour"),
                        ],
                        db_default="",
                        max_length=15,
                        verbose_name="retiré parce que",
                    ),
                ),
                (
                    "bounce_reason",
                    models.CharField(
                        blank=True, db_default="", max_length=100, verbose_name="raison du refus"
                    ),
                ),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="refus connu le")),
                (
                    "carrier",
                    models.CharField(blank=True, db_default="", max_length=40, verbose_name="remis à"),
                ),
                ("carrier_id", models.CharField(blank=True, db_default="", max_length=200)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="remise confirmée le"),
                ),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(
                        models.F("due_at"), condition=models.Q(("state", "DUE")), name="message_due"
                    ),
                    models.Index(fields=["-created_at"], name="message_recent"),
                    models.Index(
                        condition=models.Q(models.Q(("person_key", ""), _negated=True), ("state", "SENT")),
                        fields=["person_key", "sent_at"],
                        name="message_person_day",
                    ),
                    models.Index(
                        condition=models.Q(("state", "SENT")),
                        fields=["recipient", "sent_at"],
                        name="message_recipient_day",
                    ),
                    models.Index(
                        condition=models.Q(("carrier_id", ""), _negated=True),
                        fields=["carrier_id"],
                        name="message_carrier_id",
                    ),
                    models.Index(
                        condition=models.Q(("about_kind", ""), _negated=True),
                        fields=["about_kind", "about_uuid"],
                        name="message_about",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "SENT")),
                            models.Q(models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_sent_has_instant",
                        violation_error_message="Un message envoyé porte l’instant de son envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("due_at"))),
                        name="message_expires_after_due",
                        violation_error_message="Un message périme après l’heure où il est dû.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "EMAIL"), ("recipient__contains", "@")),
                            models.Q(("channel", "SMS"), ("recipient__regex", "^\\+[1-9][0-9]{7,14}$")),
                            _connector="OR",
                        ),
                        name="message_recipient_fits_channel",
                        violation_error_message="Un courriel va à une adresse, un SMS à un numéro international.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "SMS"), _negated=True),
                            models.Q(("attachment_name", ""), ("subject", "")),
                            _connector="OR",
                        ),
                        name="message_sms_is_bare",
                        violation_error_message="Un SMS n’a ni objet ni pièce jointe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about_kind", ""), ("about_uuid__isnull", True)),
                            models.Q(
                                models.Q(("about_kind", ""), _negated=True), ("about_uuid__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="message_about_is_whole",
                        violation_error_message="Ce dont parle un message a une nature et un identifiant.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("withdrawn", ""), ("state", "CANCELLED"), _connector="OR"),
                        name="message_withdrawn_has_reason",
                        violation_error_message="Seul un message retiré porte la raison de son retrait.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="matin du")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ACT", "suite d’un acte"),
                            ("CODE", "code"),
                            ("REMINDER", "rappel"),
                            ("OFFER", "créneau proposé"),
                            ("ALERT", "alerte"),
                            ("SURVEY", "enquête"),
                            ("STAFF", "message de service"),
                        ],
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("EMAIL", "courriel"), ("SMS", "SMS")], max_length=5, verbose_name="voie"
                    ),
                ),
                ("due", models.PositiveIntegerField(default=0, verbose_name="dus")),
                ("sent", models.PositiveIntegerField(default=0, verbose_name="partis")),
                ("delivered", models.PositiveIntegerField(default=0, verbose_name="remis")),
                ("bounced", models.PositiveIntegerField(default=0, verbose_name="refusés")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="en échec")),
                ("missed", models.PositiveIntegerField(default=0, verbose_name="périmés ou en attente")),
                ("capped", models.PositiveIntegerField(default=0, verbose_name="au-delà du plafond")),
                ("missing", models.PositiveIntegerField(default=0, verbose_name="jamais écrits")),
            ],
            options={
                "verbose_name": "contrôle du matin",
                "verbose_name_plural": "contrôles du matin",
                "constraints": [
                    models.UniqueConstraint(fields=("day", "kind", "channel"), name="delivery_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "due",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("sent"), "+", models.F("failed")
                                        ),
                                        "+",
                                        models.F("missed"),
                                    ),
                                    "+",
                                    models.F("capped"),
                                ),
                            )
                        ),
                        name="delivery_day_adds_up",
                        violation_error_message="Ce qui est dû est parti, a échoué, a péri ou a été plafonné.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sent__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("delivered"), "+", models.F("bounced")
                                ),
                            )
                        ),
                        name="delivery_day_outcomes_of_sent",
                        violation_error_message="Un message remis ou refusé est parti.",
                    ),
                ],
            },
        ),
    ]
