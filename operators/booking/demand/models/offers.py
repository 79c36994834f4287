import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import Beneficiary, follows_merge, untouched
from operators.booking.agenda.models import Appointment
from operators.booking.demand.enums import ALERT_TRANSITIONS, OFFER_TRANSITIONS, AlertState, OfferState
from operators.booking.demand.models.waiting import WaitingEntry


class EarlierAlert(models.Model):
    """A person with an appointment would come earlier. Moved only by operators.booking.demand.services.

    Follows the appointment when it moves; another adviser is proposed only with `other_adviser`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="earlier_alert")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="earlier_alerts")
    other_adviser = models.BooleanField("un autre conseiller convient", default=False)
    created_at = models.DateTimeField("demandée le")
    state = models.CharField("état", max_length=10, choices=AlertState, default=AlertState.ACTIVE)
    ended_at = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "alerte de place plus tôt"
        verbose_name_plural = "alertes de place plus tôt"
        constraints = [
            models.CheckConstraint(
                name="alert_ended_tells_when",
                condition=Q(state=AlertState.ACTIVE, ended_at__isnull=True)
                | (~Q(state=AlertState.ACTIVE) & Q(ended_at__isnull=False)),
                violation_error_message="Une alerte close dit quand.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in ALERT_TRANSITIONS.items() for new in sorted(ends)],
            ),
            pgtrigger.ReadOnly(name="alert_is_whose", fields=["created_at"]),
            follows_merge(),
            *untouched(),
        ]

    def __str__(self) -> str:
        return f"Alerte {self.uuid}"


class SlotOffer(models.Model):
    """One slot, really kept until `expires_at`, for one person who waits or would come earlier.

    `appointment` is the hold that keeps it, `booked` what the answer made of it: the same row for who
    waited, the moved appointment for who had one. Moved only by operators.booking.demand.services.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitingEntry, models.PROTECT, null=True, blank=True, related_name="offers")
    alert = models.ForeignKey(EarlierAlert, models.PROTECT, null=True, blank=True, related_name="offers")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="slot_offers")
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="slot_offer")
    booked = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("faite le")
    expires_at = models.DateTimeField("valable jusqu’au")
    state = models.CharField("état", max_length=10, choices=OfferState, default=OfferState.PENDING)
    ended_at = models.DateTimeField("close le", null=True, blank=True)
    passed_on_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="passed_on_to"
    )

    class Meta:
        verbose_name = "proposition de créneau"
        verbose_name_plural = "propositions de créneau"
        indexes = [
            models.Index("expires_at", name="offer_pending", condition=Q(state=OfferState.PENDING)),
            models.Index("beneficiary", "made_at", name="offer_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="offer_answers_one_wish",
                condition=Q(entry__isnull=False, alert__isnull=True)
                | Q(entry__isnull=True, alert__isnull=False),
                violation_error_message="Une proposition répond à une attente ou à une alerte.",
            ),
            models.UniqueConstraint(
                fields=["beneficiary"],
                condition=Q(state=OfferState.PENDING),
                name="offer_one_pending_a_person",
                violation_error_message="Cette personne a déjà une proposition en attente.",
            ),
            models.CheckConstraint(
                name="offer_ended_tells_when",
                condition=Q(state=OfferState.PENDING, ended_at__isnull=True)
                | (~Q(state=OfferState.PENDING) & Q(ended_at__isnull=False)),
                violation_error_message="Une proposition close dit quand.",
            ),
            models.CheckConstraint(
                name="offer_booked_when_accepted",
                condition=Q(booked__isnull=True) | Q(state=OfferState.ACCEPTED),
                violation_error_message="Seule une proposition acceptée a un rendez-vous.",
            ),
            models.CheckConstraint(
                name="offer_lasts",
                condition=Q(expires_at__gt=F("made_at")),
                violation_error_message="Une proposition dure un temps.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in OFFER_TRANSITIONS.items() for new in sorted(ends)],
            ),
            pgtrigger.ReadOnly(
                name="offer_is_what",
                fields=["entry", "alert", "appointment", "made_at", "expires_at"],
            ),
            follows_merge(),
            *untouched(),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Proposition {self.uuid}"
