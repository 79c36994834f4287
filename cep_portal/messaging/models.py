import uuid

from django.db import models
from django.db.models import F, Q

from cep_portal.messaging.enums import MessageState


class Message(models.Model):
    """One e-mail to one recipient, written in the transaction of the act it tells; Celery sends it.

    `key` is unique: the same act never writes to the same person twice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField("clé", max_length=200, unique=True)
    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    attachment_name = models.CharField("pièce jointe", max_length=80, blank=True)
    attachment_type = models.CharField("type", max_length=80, blank=True)
    attachment = models.TextField("contenu joint", blank=True)
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.DUE)
    created_at = models.DateTimeField("écrit le")
    due_at = models.DateTimeField("à envoyer à partir de")
    expires_at = models.DateTimeField("périmé après")
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    retry_at = models.DateTimeField("nouvel essai après", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "message"
        indexes = [
            models.Index("due_at", name="message_due", condition=Q(state=MessageState.DUE)),
            models.Index(fields=["-created_at"], name="message_recent"),
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
        ]

    def __str__(self) -> str:
        return self.key
