import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.models.walls import untouched
from operators.booking.agenda.models import Appointment
from operators.reception.calls.enums import Consent, RequestEndReason


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


class RequestHandling(models.Model):
    """Who of the team answers a request, or why it ended without an appointment.

    Changed by operators.reception.calls.services alone, under the lock of the request. None while nobody took
    it; an appointment takes the request out of the queue by itself.
    """

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="handling")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField("pris en charge le", null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("close sans suite le", null=True)
    end_reason = models.CharField(
        "motif", max_length=11, choices=RequestEndReason, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = "prise en charge d’une demande"
        triggers = untouched(
            "(SELECT beneficiary_id FROM beneficiaries_servicerequest WHERE id = NEW.service_request_id)"
        )
        constraints = [
            models.CheckConstraint(
                name="request_handling_taken_by_somebody",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                violation_error_message="Une demande prise en charge l’est par quelqu’un, à un instant.",
            ),
            models.CheckConstraint(
                name="request_handling_ended_for_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, end_reason__in=RequestEndReason.values),
                violation_error_message="Une demande close sans suite dit quand, par qui et pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Prise en charge {self.pk}"
