import uuid
from datetime import datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from beneficiaries.request.models import Beneficiary, ServiceRequest, follows_merge, untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.messaging.enums import MessageChannel
from operators.booking.agenda.enums import CancelledBy
from operators.booking.groups.enums import (
    GROUP_TRANSITIONS,
    MODES,
    PLACE_TRANSITIONS,
    GroupState,
    GroupTopic,
    PlaceState,
    ReachedWay,
)
from operators.network.enums import Mode
from operators.network.models import Adviser, Site

TAKES_TIME = """
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM operators_advisertime WHERE source = OLD.uuid;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state <> 'CANCELLED' THEN
        INSERT INTO operators_advisertime (adviser_id, period, source)
        SELECT taken, NEW.busy_period, NEW.uuid
        FROM unnest(ARRAY[NEW.adviser_id, NEW.second_adviser_id]) AS taken
        WHERE taken IS NOT NULL;
    END IF;
    RETURN NULL;
"""
# The row of the session is the lock: places are counted one after the other (RDV-SP PR 3168).
HAS_ROOM = """
    IF NEW.state = 'CANCELLED' OR (TG_OP = 'UPDATE' AND OLD.state <> 'CANCELLED') THEN
        RETURN NEW;
    END IF;
    SELECT capacity, period, state INTO session
    FROM operators_groupsession WHERE id = NEW.session_id FOR NO KEY UPDATE;
    IF session.state <> 'OPEN' THEN
        RAISE EXCEPTION 'the session is not open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_place_of_open_session';
    END IF;
    IF (
        SELECT count(*) FROM operators_groupplace
        WHERE session_id = NEW.session_id AND state <> 'CANCELLED' AND id <> NEW.id
    ) >= session.capacity THEN
        RAISE EXCEPTION 'the session is full'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_place_within_capacity';
    END IF;
    PERFORM FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM operators_appointment AS booked
        WHERE booked.beneficiary_id = NEW.beneficiary_id
            AND booked.state IN ('BOOKED', 'ATTENDED', 'NO_SHOW')
            AND booked.period && session.period
    ) OR EXISTS (
        SELECT FROM operators_groupplace AS place
        JOIN operators_groupsession AS other ON other.id = place.session_id
        WHERE place.beneficiary_id = NEW.beneficiary_id
            AND place.state <> 'CANCELLED'
            AND place.id <> NEW.id
            AND place.session_id <> NEW.session_id
            AND other.period && session.period
    ) THEN
        RAISE EXCEPTION 'the person is already somewhere at that time'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'group_place_person_never_twice';
    END IF;
    RETURN NEW;
"""
KEEPS_ROOM = """
    IF NEW.capacity < (
        SELECT count(*) FROM operators_groupplace WHERE session_id = NEW.id AND state <> 'CANCELLED'
    ) THEN
        RAISE EXCEPTION 'more people have a place'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_session_keeps_room';
    END IF;
    RETURN NEW;
"""


class GroupSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        if user.role in Role.of_operators:
            return self.filter(site__contract__holder=user.organisation_id)
        return self.none()

    def open_from(self, instant: datetime) -> Self:
        return self.filter(state=GroupState.OPEN, period__startswith__gte=instant)


class GroupSession(models.Model):
    """A meeting where an adviser informs several people; never a counselling session, so never paid.

    Changed by groups.services alone. A trigger writes the advisers' time into AdviserTime, as for an
    appointment; the time and the place are fixed: another time is another session.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="group_sessions")
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="group_sessions")
    second_adviser = models.ForeignKey(
        Adviser, models.PROTECT, null=True, blank=True, related_name="second_group_sessions"
    )
    topic = models.CharField("sujet", max_length=10, choices=GroupTopic)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    period = DateTimeRangeField("réunion")
    busy_period = DateTimeRangeField("temps pris")
    capacity = models.PositiveSmallIntegerField("places")
    video_url = models.URLField("lien de la visio", max_length=300, blank=True)
    state = models.CharField("état", max_length=10, choices=GroupState, default=GroupState.OPEN)
    created_at = models.DateTimeField("ouverte le")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion d’information"
        verbose_name_plural = "réunions d’information"
        indexes = [models.Index("site", Lower("period"), name="group_session_site_start")]
        constraints = [
            models.CheckConstraint(
                name="group_session_period_bounded",
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                    busy_period__contains=F("period"),
                ),
                violation_error_message="Une réunion a un début et une fin, battement compris.",
            ),
            models.CheckConstraint(
                name="group_session_capacity_sane",
                condition=Q(capacity__gte=2, capacity__lte=100),
                violation_error_message="Une réunion compte de 2 à 100 places.",
            ),
            models.CheckConstraint(
                name="group_session_mode_known",
                condition=Q(mode__in=MODES) & (Q(mode=Mode.ON_SITE, video_url="") | Q(mode=Mode.VIDEO)),
                violation_error_message="Une réunion se tient sur place ou en visio.",
            ),
            models.CheckConstraint(
                name="group_session_two_advisers_differ",
                condition=Q(second_adviser__isnull=True) | ~Q(second_adviser=F("adviser")),
                violation_error_message="Un binôme compte deux personnes.",
            ),
            models.CheckConstraint(
                name="group_session_cancel_tells_when",
                condition=Q(state=GroupState.CANCELLED, cancelled_at__isnull=False)
                | (~Q(state=GroupState.CANCELLED) & Q(cancelled_at__isnull=True)),
                violation_error_message="Une réunion annulée dit quand.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="takes_time",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("state", "adviser_id", "second_adviser_id", "busy_period"),
                func=TAKES_TIME,
            ),
            pgtrigger.Trigger(
                name="keeps_room",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("capacity"),
                func=KEEPS_ROOM,
            ),
            pgtrigger.ReadOnly(
                name="time_fixed", fields=["site", "mode", "period", "busy_period", "created_at"]
            ),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in GROUP_TRANSITIONS.items() for new in sorted(ends)],
            ),
        ]

    def __str__(self) -> str:
        return f"Réunion {self.uuid}"

    @property
    def starts_at(self) -> datetime:
        return self.period.lower

    @property
    def ends_at(self) -> datetime:
        return self.period.upper


class GroupPlaceQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(state__in=PlaceState.live)


class GroupPlace(models.Model):
    """A person's place in a session. The database counts them and keeps a person from being in two places."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="places")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="group_places")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="group_places")
    state = models.CharField("état", max_length=10, choices=PlaceState, default=PlaceState.BOOKED)
    idempotency_key = models.UUIDField(unique=True)
    booked_at = models.DateTimeField("inscrit le")
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancelled_by = models.CharField("annulé par", max_length=10, choices=CancelledBy, blank=True)
    told_by = ArrayField(
        models.CharField(max_length=5, choices=MessageChannel),
        verbose_name="annulation écrite par",
        default=list,
        db_default=[],
        blank=True,
    )
    reached_at = models.DateTimeField("prévenu le", null=True, blank=True)
    reached_way = models.CharField(
        "prévenu", max_length=9, choices=ReachedWay, blank=True, default="", db_default=""
    )
    reached_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GroupPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "place de réunion"
        verbose_name_plural = "places de réunion"
        indexes = [models.Index(fields=["beneficiary", "state"], name="group_place_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "beneficiary"],
                condition=~Q(state=PlaceState.CANCELLED),
                name="group_place_once_a_session",
                violation_error_message="Vous êtes déjà inscrit à cette réunion.",
            ),
            models.CheckConstraint(
                name="group_place_cancel_tells_who",
                condition=Q(state="CANCELLED", cancelled_at__isnull=False, cancelled_by__gt="")
                | (~Q(state="CANCELLED") & Q(cancelled_at__isnull=True, cancelled_by="")),
                violation_error_message="Une annulation dit qui et quand.",
            ),
            models.CheckConstraint(
                name="group_place_reached_is_whole",
                condition=Q(reached_at__isnull=True, reached_way="", reached_by__isnull=True)
                | Q(
                    reached_at__isnull=False,
                    reached_way__gt="",
                    reached_by__isnull=False,
                    cancelled_by=CancelledBy.OPERATOR,
                ),
                violation_error_message="On ne prévient que d’une annulation du service.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="has_room",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "session_id", "beneficiary_id"),
                declare=[("session", "record")],
                func=HAS_ROOM,
            ),
            pgtrigger.ReadOnly(name="place_is_whose", fields=["session", "service_request", "booked_at"]),
            follows_merge(),
            *untouched(),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in PLACE_TRANSITIONS.items() for new in sorted(ends)],
            ),
        ]

    def __str__(self) -> str:
        return f"Place {self.uuid}"

    def message_key(self, act: str) -> str:
        """What names the message of an act on this place: written once."""
        return f"group-place-{act}-{self.uuid}"
