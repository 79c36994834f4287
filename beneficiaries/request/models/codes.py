import uuid

from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models.people import MOBILE_SHAPE, Beneficiary
from beneficiaries.request.models.requests import ServiceRequest
from cep_portal.messaging.enums import MessageChannel


class ContactCode(models.Model):
    """A one-time code sent to an address or a mobile, with the contact details that it will confirm.

    `beneficiary` is set when a person already known proves the contact again; `find_past` is the consent
    to be linked with an older file.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="contact_codes")
    beneficiary = models.ForeignKey(Beneficiary, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField("voie", max_length=5, choices=MessageChannel, default=MessageChannel.EMAIL)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    find_past = models.BooleanField("retrouver le parcours précédent", default=False)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("périmé après")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code à usage unique"
        indexes = [
            models.Index(fields=["email", "sent_at"], name="contact_code_email"),
            models.Index(fields=["phone", "sent_at"], name="contact_code_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_code_fits_channel",
                condition=Q(channel=MessageChannel.EMAIL, email__contains="@")
                | Q(channel=MessageChannel.SMS, email="", phone__regex=MOBILE_SHAPE),
                violation_error_message="Un code va à une adresse, ou par SMS à un mobile français.",
            ),
            models.CheckConstraint(
                name="contact_code_expires_after_sending",
                condition=Q(expires_at__gt=F("sent_at")),
                violation_error_message="Un code périme après son envoi.",
            ),
            models.CheckConstraint(
                name="contact_code_attempts_bounded",
                condition=Q(attempts__lte=5),
                violation_error_message="Trop d’essais.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def by_sms(self) -> bool:
        return self.channel == MessageChannel.SMS

    @property
    def contact(self) -> str:
        """What the code proves: the mobile or the address it was sent to."""
        return self.phone if self.by_sms else self.email

    @property
    def shown_contact(self) -> str:
        """Where the code went, for who typed it; nothing for who only has the reference."""
        return "" if self.beneficiary_id else self.contact

    @property
    def proves(self) -> dict[str, str]:
        return {"phone": self.phone} if self.by_sms else {"email": self.email}
