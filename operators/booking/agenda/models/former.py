"""What appointments were before a change that figures read (cep_portal.common.pasts)."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from cep_portal.common.pasts import Former, keeps_past
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, Channel
from operators.network.enums import Mode, ServiceLevel

CHANGING = (
    *("service_request_id", "beneficiary_id", "site_id", "period", "level", "mode", "state", "channel"),
    *("booked_at", "cancelled_at", "cancelled_by", "cancel_reason", "moved_from_id"),
)
FINAL = "('ATTENDED', 'NO_SHOW', 'CANCELLED')"


class FormerAppointment(Former):
    """An appointment that had come to its end, and whose end was then said otherwise or taken back."""

    service_request_id = models.BigIntegerField("demande", null=True)
    beneficiary_id = models.BigIntegerField("personne", null=True)
    site_id = models.BigIntegerField("lieu")
    period = DateTimeRangeField("séance")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    state = models.CharField("état", max_length=10, choices=AppointmentState)
    channel = models.CharField("pris par", max_length=15, choices=Channel)
    booked_at = models.DateTimeField("pris le", null=True)
    cancelled_at = models.DateTimeField("annulé le", null=True)
    cancelled_by = models.CharField("annulé par", max_length=10, choices=CancelledBy)
    cancel_reason = models.CharField("motif d’annulation", max_length=20, choices=CancelReason)
    moved_from_id = models.BigIntegerField("déplacé depuis", null=True)
    outcome_at = models.DateTimeField("issue connue le", null=True)

    class Meta(Former.Meta):
        db_table = "operators_appointment_former"
        verbose_name = "rendez-vous d’avant"


# A booking under way is counted by no figure: the updates that make it cost nothing more.
APPOINTMENT_PAST = keeps_past(
    "operators_appointment_former",
    *CHANGING,
    "outcome_at",
    changing=CHANGING,
    kept_when=f"OLD.state IN {FINAL}",
)
