import uuid
from datetime import date, datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import Beneficiary, ServiceRequest, untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.common.pasts import known_from
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, Channel, HoldEnd
from operators.booking.agenda.models.former import APPOINTMENT_PAST, CHANGING, FINAL
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site

TAKES_TIME = """
    IF TG_OP = 'UPDATE' AND NEW.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')
        AND OLD.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')
        AND (OLD.adviser_id, OLD.busy_period) = (NEW.adviser_id, NEW.busy_period)
        AND OLD.second_adviser_id IS NOT DISTINCT FROM NEW.second_adviser_id THEN
        UPDATE operators_advisertime
        SET expires_at = CASE WHEN NEW.state = 'ON_HOLD' THEN NEW.hold_expires_at END
        WHERE source = NEW.uuid;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM operators_advisertime WHERE source = OLD.uuid;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW') THEN
        INSERT INTO operators_advisertime (adviser_id, period, source, expires_at)
        SELECT taken, NEW.busy_period, NEW.uuid, CASE WHEN NEW.state = 'ON_HOLD' THEN NEW.hold_expires_at END
        FROM unnest(ARRAY[NEW.adviser_id, NEW.second_adviser_id]) AS taken
        WHERE taken IS NOT NULL;
    END IF;
    RETURN NULL;
"""
OUTCOME_DATED = f"""
    NEW.outcome_at := CASE WHEN NEW.state IN {FINAL} THEN portal_now() END;
    RETURN NEW;
"""


class AppointmentQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(state__in=AppointmentState.live)

    def to_come(self, now: datetime) -> Self:
        """Booked and not begun: what may still be cancelled, moved, handed over or replaced."""
        return self.filter(state=AppointmentState.BOOKED, period__startswith__gt=now)

    def not_over(self, now: datetime) -> Self:
        """Booked, to come or under way: what a person still goes to."""
        return self.filter(state=AppointmentState.BOOKED, period__endswith__gt=now)

    def begun(self, now: datetime) -> Self:
        """Begun and not logged: what may be logged, and nothing else done with."""
        return self.filter(state=AppointmentState.BOOKED, period__startswith__lte=now)

    def to_log(self, now: datetime) -> Self:
        """Over and not logged: what somebody owes."""
        return self.filter(state=AppointmentState.BOOKED, period__endswith__lte=now)

    def visible_to(self, user: User) -> Self:
        """Operators see their organisation's, but those of frozen files; steering roles see none."""
        if user.role in Role.of_operators:
            return self.filter(
                site__contract__holder=user.organisation_id,
                beneficiary__restricted_at__isnull=True,
                beneficiary__erased_at__isnull=True,
            )
        if user.role == Role.BENEFICIARY:
            return self.filter(beneficiary__user=user)
        return self.none()


class Appointment(models.Model):
    """A booking, from hold to outcome. Moved only by operators.booking.agenda.services.

    `period` is the session, `busy_period` adds the adviser's buffer. A hold is a row that expires; an offer
    is a hold kept for one person of the waiting list. A trigger writes the time it takes from its adviser,
    or from both of a pair, into AdviserTime, where nobody is taken twice; no person is booked twice here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="appointments")
    site = models.ForeignKey(Site, models.PROTECT, related_name="appointments")
    service_request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    period = DateTimeRangeField("séance")
    busy_period = DateTimeRangeField("temps pris")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    state = models.CharField("état", max_length=10, choices=AppointmentState)
    channel = models.CharField("pris par", max_length=15, choices=Channel, default=Channel.PERSON)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    hold_expires_at = models.DateTimeField("retenu jusqu’à", null=True, blank=True)
    hold_end = models.CharField("fin de la retenue", max_length=9, choices=HoldEnd, blank=True, db_default="")
    booked_at = models.DateTimeField("pris le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancelled_by = models.CharField("annulé par", max_length=10, choices=CancelledBy, blank=True)
    moved_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="moved_to")
    calendar_sequence = models.PositiveSmallIntegerField(default=0)
    second_adviser = models.ForeignKey(
        Adviser, models.PROTECT, null=True, blank=True, related_name="second_appointments"
    )
    access_needs = ArrayField(
        models.CharField(max_length=20, choices=AccessNeed),
        verbose_name="besoins d’accès",
        default=list,
        db_default=[],
        blank=True,
    )
    video_url = models.URLField("lien de la visio", max_length=300, blank=True, db_default="")
    cancel_reason = models.CharField(
        "motif d’annulation", max_length=20, choices=CancelReason, blank=True, db_default=""
    )
    move_count = models.PositiveSmallIntegerField("déplacements", default=0, db_default=0)
    is_offer = models.BooleanField("proposition en attente", default=False, db_default=False)
    # The day when the end was said, whoever said it and however: written by a trigger (ADR 0067).
    outcome_at = models.DateTimeField("issue connue le", null=True, editable=False)
    changed_xid = changed_xid()
    known_from = known_from()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        indexes = [
            by_mark("appointment_changed"),
            models.Index("adviser", Lower("period"), name="appointment_adviser_start"),
            models.Index(
                Lower("period"),
                name="appointment_booked_start",
                condition=Q(state=AppointmentState.BOOKED),
            ),
            models.Index(
                "hold_expires_at",
                name="appointment_hold",
                condition=Q(state=AppointmentState.ON_HOLD),
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_person_never_twice",
                expressions=[
                    ("beneficiary", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=AppointmentState.live),
                violation_error_message="Vous avez déjà un rendez-vous à cette heure.",
            ),
            models.CheckConstraint(
                name="appointment_period_bounded",
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                    busy_period__contains=F("period"),
                ),
                violation_error_message="Un rendez-vous a un début et une fin, battement compris.",
            ),
            models.CheckConstraint(
                name="appointment_hold_expires",
                condition=~Q(state=AppointmentState.ON_HOLD) | Q(hold_expires_at__isnull=False),
                violation_error_message="Une retenue a une heure de fin.",
            ),
            models.CheckConstraint(
                name="appointment_hold_end_of_expired",
                condition=Q(hold_end="") | Q(state=AppointmentState.EXPIRED),
                violation_error_message="Seule une retenue finie a une raison de fin.",
            ),
            models.CheckConstraint(
                name="appointment_booked_has_person",
                condition=Q(state__in=["ON_HOLD", "EXPIRED"])
                | Q(beneficiary__isnull=False, booked_at__isnull=False),
                violation_error_message="Un rendez-vous pris a une personne.",
            ),
            models.CheckConstraint(
                name="appointment_cancel_tells_who",
                condition=Q(state="CANCELLED", cancelled_at__isnull=False, cancelled_by__gt="")
                | Q(~Q(state="CANCELLED"), cancelled_at__isnull=True, cancelled_by=""),
                violation_error_message="Une annulation dit qui et quand.",
            ),
            models.CheckConstraint(
                name="appointment_reason_of_cancel",
                condition=Q(cancel_reason="") | Q(state="CANCELLED"),
                violation_error_message="Seule une annulation a un motif.",
            ),
            models.CheckConstraint(
                name="appointment_two_advisers_differ",
                condition=Q(second_adviser__isnull=True) | ~Q(second_adviser=F("adviser")),
                violation_error_message="Un binôme compte deux personnes.",
            ),
        ]
        triggers = [
            *untouched(named_late=True),
            pgtrigger.Trigger(
                name="takes_time",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "state", "adviser_id", "second_adviser_id", "busy_period", "hold_expires_at"
                ),
                func=TAKES_TIME,
            ),
            pgtrigger.Trigger(
                name="outcome_dated",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"(OLD.state <> NEW.state AND (OLD.state IN {FINAL} OR NEW.state IN {FINAL}))"
                ),
                func=OUTCOME_DATED,
            ),
            pgtrigger.Trigger(
                name="outcome_dated_at_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(f"(NEW.state IN {FINAL} AND NEW.outcome_at IS NULL)"),
                func=OUTCOME_DATED,
            ),
            marked(*CHANGING),
            *APPOINTMENT_PAST,
        ]

    def __str__(self) -> str:
        return f"Rendez-vous {self.uuid}"

    @property
    def asked(self) -> ServiceRequest:
        """The request it was taken for. Raises ValueError for one that has none."""
        if self.service_request is None:
            raise ValueError("this appointment was taken without a request")
        return self.service_request

    @property
    def person(self) -> Beneficiary:
        """Whom it is for. Raises ValueError while it is only held."""
        if self.beneficiary is None:
            raise ValueError("nobody is named yet: the slot is held")
        return self.beneficiary

    def message_key(self, act: str) -> str:
        """What names the message of an act on this appointment, as it stands: written once."""
        return f"appointment-{act}-{self.uuid}-{self.calendar_sequence}"

    @property
    def starts_at(self) -> datetime:
        return self.period.lower

    @property
    def ends_at(self) -> datetime:
        return self.period.upper

    @property
    def adviser_days(self) -> list[tuple[int, date]]:
        """What is locked before this row changes: the local day of whoever receives."""
        day = local_day(self.starts_at, self.site.zone)
        return [(one, day) for one in (self.adviser_id, self.second_adviser_id) if one is not None]
