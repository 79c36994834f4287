import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState, Withdrawn


class Message(models.Model):
    """One e-mail or SMS to one recipient, written in the transaction of the act it tells; Celery sends it.

    An act writes what happened (`news`, `news_uuid`, `facts`), the worker the words, just before it sends
    them (ADR 0048). Codes, alarms and digests come with their words and have no news.
    `key` is unique: the same act never writes to the same person twice. `person_key` is an opaque name for
    whom it is written to, whatever the channel: the daily cap counts by it. `about_*` name what must still
    be true when it is sent (messaging.hooks). What the carrier tells afterwards
    are facts beside the state, each written once: calls come twice, late or in the wrong order.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField("clé", max_length=200, unique=True)
    channel = models.CharField(
        "voie",
        max_length=5,
        choices=MessageChannel,
        default=MessageChannel.EMAIL,
        db_default=MessageChannel.EMAIL,
    )
    kind = models.CharField(
        "nature", max_length=10, choices=MessageKind, default=MessageKind.ACT, db_default=MessageKind.ACT
    )
    recipient = models.CharField("destinataire", max_length=254)  # an address, or a number in E.164
    person_key = models.CharField("personne", max_length=40, blank=True, db_default="")
    about_kind = models.CharField("au sujet de", max_length=40, blank=True, db_default="")
    about_uuid = models.UUIDField(null=True, blank=True)
    about_version = models.PositiveIntegerField(default=0, db_default=0)
    news = models.CharField("nouvelle", max_length=60, blank=True, db_default="")
    news_uuid = models.UUIDField(null=True, blank=True)
    facts = models.JSONField("faits", default=dict, blank=True, db_default={})
    subject = models.CharField("objet", max_length=200, blank=True)
    body = models.TextField("texte", blank=True)
    attachment_name = models.CharField("pièce jointe", max_length=80, blank=True)
    attachment_type = models.CharField("type", max_length=80, blank=True)
    attachment = models.TextField("contenu joint", blank=True)
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.DUE)
    created_at = models.DateTimeField("écrit le")
    due_at = models.DateTimeField("à envoyer à partir de")
    expires_at = models.DateTimeField("périmé après")
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    carrier = models.CharField("remis à", max_length=40, blank=True, db_default="")
    carrier_id = models.CharField(max_length=200, blank=True, db_default="")
    delivered_at = models.DateTimeField("remise confirmée le", null=True, blank=True)
    bounced_at = models.DateTimeField("refus connu le", null=True, blank=True)
    bounce_reason = models.CharField("raison du refus", max_length=100, blank=True, db_default="")
    retry_at = models.DateTimeField("nouvel essai après", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    withdrawn = models.CharField(
        "retiré parce que", max_length=15, choices=Withdrawn, blank=True, db_default=""
    )
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "message"
        indexes = [
            models.Index("due_at", name="message_due", condition=Q(state=MessageState.DUE)),
            models.Index(fields=["-created_at"], name="message_recent"),
            models.Index(
                fields=["person_key", "sent_at"],
                name="message_person_day",
                condition=~Q(person_key="") & Q(state=MessageState.SENT),
            ),
            models.Index(
                fields=["recipient", "sent_at"],
                name="message_recipient_day",
                condition=Q(state=MessageState.SENT),
            ),
            models.Index(fields=["carrier_id"], name="message_carrier_id", condition=~Q(carrier_id="")),
            models.Index(
                fields=["about_kind", "about_uuid"], name="message_about", condition=~Q(about_kind="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_instant",
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                violation_error_message="Un message envoyé porte l’instant de son envoi.",
            ),
            models.CheckConstraint(
                name="message_expires_after_due",
                condition=Q(expires_at__gt=F("due_at")),
                violation_error_message="Un message périme après l’heure où il est dû.",
            ),
            models.CheckConstraint(
                name="message_recipient_fits_channel",
                condition=Q(channel=MessageChannel.EMAIL, recipient__contains="@")
                | Q(channel=MessageChannel.SMS, recipient__regex=r"^\+[1-9][0-9]{7,14}$"),
                violation_error_message="Un courriel va à une adresse, un SMS à un numéro international.",
            ),
            models.CheckConstraint(
                name="message_sms_is_bare",
                condition=~Q(channel=MessageChannel.SMS) | Q(subject="", attachment_name=""),
                violation_error_message="Un SMS n’a ni objet ni pièce jointe.",
            ),
            models.CheckConstraint(
                name="message_about_is_whole",
                condition=Q(about_kind="", about_uuid__isnull=True)
                | (~Q(about_kind="") & Q(about_uuid__isnull=False)),
                violation_error_message="Ce dont parle un message a une nature et un identifiant.",
            ),
            models.CheckConstraint(
                name="message_news_is_whole",
                condition=Q(news="", news_uuid__isnull=True) | (~Q(news="") & Q(news_uuid__isnull=False)),
                violation_error_message="Une nouvelle a un nom et un identifiant.",
            ),
            models.CheckConstraint(
                name="message_due_has_words",
                condition=~Q(state=MessageState.DUE) | ~Q(body="") | ~Q(news=""),
                violation_error_message="Un message à envoyer a un texte, ou une nouvelle à écrire.",
            ),
            models.CheckConstraint(
                name="message_withdrawn_has_reason",
                condition=Q(withdrawn="") | Q(state=MessageState.CANCELLED),
                violation_error_message="Seul un message retiré porte la raison de son retrait.",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        """The subject; for what has none, an SMS or what is not written yet, the channel."""
        return self.subject or capfirst(self.get_channel_display())

    @property
    def is_delivered(self) -> bool:
        """A mailbox may take a mail, then send it back; a phone that has rung has rung."""
        if self.channel == MessageChannel.SMS:
            return self.delivered_at is not None
        return self.delivered_at is not None and self.bounced_at is None

    @property
    def is_bounced(self) -> bool:
        return self.bounced_at is not None and not self.is_delivered


class DeliveryDay(models.Model):
    """One line of the morning check: what was due from 07:00 to 07:00, Paris, and what became of it.

    Written once a morning and kept as a series: it names nobody. `due` counts what should have left, so
    neither what was withdrawn because it was no longer true, nor `missing`: owed and never written.
    """

    day = models.DateField("matin du")
    kind = models.CharField("nature", max_length=10, choices=MessageKind)
    channel = models.CharField("voie", max_length=5, choices=MessageChannel)
    due = models.PositiveIntegerField("dus", default=0)
    sent = models.PositiveIntegerField("partis", default=0)
    delivered = models.PositiveIntegerField("remis", default=0)
    bounced = models.PositiveIntegerField("refusés", default=0)
    failed = models.PositiveIntegerField("en échec", default=0)
    missed = models.PositiveIntegerField("périmés ou en attente", default=0)
    capped = models.PositiveIntegerField("au-delà du plafond", default=0)
    missing = models.PositiveIntegerField("jamais écrits", default=0)

    class Meta:
        verbose_name = "contrôle du matin"
        verbose_name_plural = "contrôles du matin"
        constraints = [
            models.UniqueConstraint(fields=["day", "kind", "channel"], name="delivery_day_once"),
            models.CheckConstraint(
                name="delivery_day_adds_up",
                condition=Q(due=F("sent") + F("failed") + F("missed") + F("capped")),
                violation_error_message="Ce qui est dû est parti, a échoué, a péri ou a été plafonné.",
            ),
            models.CheckConstraint(
                name="delivery_day_outcomes_of_sent",
                condition=Q(sent__gte=F("delivered") + F("bounced")),
                violation_error_message="Un message remis ou refusé est parti.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.channel}"

    @property
    def is_told(self) -> bool:
        """Whether the carrier said anything: without a word, nobody knows what arrived."""
        return self.delivered + self.bounced > 0
