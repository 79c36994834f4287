import uuid

from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import MOBILE_SHAPE
from cep_portal.messaging.enums import MessageChannel


class SignInCode(models.Model):
    """A one-time code sent to an address or a mobile that somebody says is theirs, known or not.

    `proved_at` is when the right digits were copied, `used_at` when they opened somebody's space. No person
    stands here: who is behind the contact is looked up once it is proved (docs/adr/0054).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField("voie", max_length=5, choices=MessageChannel)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("périmé après")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    proved_at = models.DateTimeField("recopié le", null=True, blank=True)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de connexion"
        indexes = [
            models.Index(fields=["email", "sent_at"], name="sign_in_code_email"),
            models.Index(fields=["phone", "sent_at"], name="sign_in_code_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sign_in_code_fits_channel",
                condition=Q(channel=MessageChannel.EMAIL, email__contains="@", phone="")
                | Q(channel=MessageChannel.SMS, email="", phone__regex=MOBILE_SHAPE),
                violation_error_message="Un code va à une adresse, ou par SMS à un mobile français.",
            ),
            models.CheckConstraint(
                name="sign_in_code_expires_after_sending",
                condition=Q(expires_at__gt=F("sent_at")),
                violation_error_message="Un code périme après son envoi.",
            ),
            models.CheckConstraint(
                name="sign_in_code_attempts_bounded",
                condition=Q(attempts__lte=5),
                violation_error_message="Trop d’essais.",
            ),
            models.CheckConstraint(
                name="sign_in_code_used_once_proved",
                condition=Q(used_at__isnull=True) | Q(proved_at__isnull=False),
                violation_error_message="Un code ouvre un espace après avoir été recopié.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def by_sms(self) -> bool:
        return self.channel == MessageChannel.SMS

    @property
    def contact(self) -> str:
        """The mobile or the address that the code proves."""
        return self.phone if self.by_sms else self.email
