import pgtrigger
from django.conf import settings
from django.db import models

from operators.booking.agenda.models import Appointment
from operators.reception.calls.enums import Consent


class AssistedBooking(models.Model):
    """An appointment booked by somebody else than the person, and how the person agreed. Append-only.

    The channel is the appointment's; `booked_by` is nobody when a software booked.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="assistance")
    consent = models.CharField("accord donné", max_length=10, choices=Consent)
    agreed_at = models.DateTimeField("accord donné le")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "réservation accompagnée"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                name="assisted_consent_known",
                condition=models.Q(consent__in=Consent.values),
                violation_error_message="L’accord est donné d’une des façons de la liste.",
            ),
        ]

    def __str__(self) -> str:
        return f"Accord {self.pk}"
