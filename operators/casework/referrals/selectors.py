from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from beneficiaries.request.models import Beneficiary, open_file
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import NextStep, PathwayState
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.referrals import rules
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import DoorChange, Referral, ReferralDoor
from operators.network.models import Adviser


@dataclass(frozen=True)
class NearDoors:
    """The doors of one nearness, in the order of the kinds."""

    nearness: str
    doors: list[ReferralDoor]


def pathway_of(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway with all that a referral says of it; one query."""
    return (
        Pathway.objects.visible_to(user)
        .filter(uuid=uuid)
        .select_related(
            "beneficiary",
            "region",
            "adviser__user",
            "adviser__site__commune__department",
            "service_request__commune__department",
        )
        .first()
    )


def doors_for(*, user: User, pathway: Pathway, kind: str = "") -> list[NearDoors]:
    """The doors that serve the person's territory, the nearest first; one query.

    The territory is that of the request, else that of the site where the person is received.
    """
    place = (
        pathway.service_request.commune.department
        if pathway.service_request
        else pathway.adviser.site.commune.department
    )
    doors = ReferralDoor.objects.visible_to(user).filter(is_active=True)
    if kind:
        doors = doors.filter(kind=kind)
    found: dict[str, list[ReferralDoor]] = {rules.NEAR: [], rules.REGIONAL: [], rules.NATIONAL: []}
    for door in doors.order_by("kind", "name", "pk"):
        near = rules.nearness(door, department=place.code, region=place.region_id)
        if near:
            found[near].append(door)
    return [NearDoors(near, doors) for near, doors in found.items() if doors]


def door_of(*, user: User, uuid: UUID) -> ReferralDoor | None:
    return ReferralDoor.objects.visible_to(user).filter(uuid=uuid).first()


def door_list(*, user: User) -> QuerySet[ReferralDoor]:
    """The directory as one keeps it: kinds, then names; one query."""
    doors = ReferralDoor.objects.visible_to(user).select_related("organisation", "updated_by")
    return doors.order_by("kind", "name", "pk")


def door_changes(*, door: ReferralDoor) -> QuerySet[DoorChange]:
    return door.changes.select_related("changed_by").order_by("-changed_at", "-pk")


def _whole(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    return referrals.select_related("door", "pathway__beneficiary", "pathway__adviser__site")


def referral_list(*, user: User, own: bool = True, unanswered: bool = True) -> QuerySet[Referral]:
    """Referrals of the organisation, those that wait longest first; one query."""
    referrals = Referral.objects.visible_to(user)
    if own:
        referrals = referrals.filter(pathway__adviser__user=user)
    if unanswered:
        return _whole(referrals.filter(state=ReferralState.PENDING)).order_by("sent_at", "pk")
    return _whole(referrals).order_by("-sent_at", "-pk")


def referral_of(*, user: User, uuid: UUID) -> Referral | None:
    referrals = _whole(Referral.objects.visible_to(user)).select_related("sent_by", "answered_by")
    return referrals.filter(uuid=uuid).first()


def referral_of_link(*, uuid: UUID) -> Referral | None:
    return _whole(Referral.objects.all()).filter(uuid=uuid).first()


def referrals_of_pathway(*, pathway: Pathway) -> QuerySet[Referral]:
    return pathway.referrals.select_related("door").order_by("-sent_at", "-pk")


def referrals_of_person(*, beneficiary: Beneficiary) -> QuerySet[Referral]:
    """All that a person was referred to, latest first; one query."""
    return _whole(Referral.objects.filter(pathway__beneficiary=beneficiary)).order_by("-sent_at", "-pk")


def unanswered(*, adviser: Adviser) -> QuerySet[Referral]:
    """What the partners of an adviser's people have not answered, oldest first."""
    pending = Referral.objects.filter(
        pathway__adviser=adviser,
        state=ReferralState.PENDING,
        pathway__beneficiary__restricted_at__isnull=True,
        pathway__beneficiary__erased_at__isnull=True,
    )
    return _whole(pending).order_by("sent_at", "pk")


def latest_by_pathway(*, pathways: Collection[int]) -> dict[int, Referral]:
    """The latest referral of each pathway that still says something before an appointment; one query."""
    told = Referral.objects.filter(~Q(state=ReferralState.WITHDRAWN), pathway__in=pathways)
    return {
        referral.pathway_id: referral for referral in told.select_related("door").order_by("sent_at", "pk")
    }


def announced(*, adviser: Adviser, now: datetime) -> QuerySet[Pathway]:
    """Whom an adviser told of a next appointment or a referral at the last session, and nothing was done.

    Within ANNOUNCED_FOR. Each says its `announced` step and the instant of that session, `announced_at`;
    oldest first. One query.
    """
    last = CounsellingSession.objects.filter(pathway=OuterRef("pk")).order_by("-starts_at", "-pk")
    booked = Appointment.objects.filter(
        beneficiary=OuterRef("beneficiary"),
        site__contract=OuterRef("contract"),
        state=AppointmentState.BOOKED,
    )
    sent = Referral.objects.filter(pathway=OuterRef("pk"), sent_at__gte=OuterRef("announced_at"))
    told = Pathway.objects.filter(
        open_file("beneficiary__"), adviser=adviser, state=PathwayState.OPEN, joined_into__isnull=True
    ).annotate(
        announced=Subquery(last.values("next_step")[:1]), announced_at=Subquery(last.values("starts_at")[:1])
    )
    nothing_booked = Q(~Exists(booked), announced=NextStep.NEXT_SESSION)
    nobody_asked = Q(~Exists(sent), announced=NextStep.REFERRAL)
    return (
        told.filter(nothing_booked | nobody_asked, announced_at__gt=now - rules.ANNOUNCED_FOR)
        .select_related("beneficiary", "adviser__site")
        .order_by("announced_at", "pk")
    )
