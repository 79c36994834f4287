from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, F, Q, QuerySet

from beneficiaries.request.models import Beneficiary, ServiceRequest, open_file
from cep_portal.accounts.models import User
from cep_portal.common.compiled import Ask, Compiled
from cep_portal.territories.rules import distance_km, fold_name, is_near
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.hooks import Expected
from operators.booking.agenda.rules import earliest_start
from operators.booking.groups.enums import GroupState, PlaceState
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract

LIVE = Q(places__state__in=PlaceState.live)
# Nobody wrote to them that the service cancelled, and nobody called them yet.
TO_CALL = Q(
    places__cancelled_by=CancelledBy.OPERATOR,
    places__cancelled_at=F("cancelled_at"),
    places__told_by=[],
    places__reached_at__isnull=True,
    places__beneficiary__erased_at__isnull=True,
)


@dataclass(frozen=True)
class NearSession:
    session: GroupSession
    km: float


def _joinable(now: datetime) -> QuerySet[GroupSession]:
    """The open meetings one may still join, with the places left; full ones are left out."""
    sessions = GroupSession.objects.open_from(earliest_start(now)).filter(site__is_open=True)
    return (
        sessions.alias(taken=Count("places", filter=LIVE))
        .annotate(left=F("capacity") - F("taken"))
        .filter(left__gt=0)
        .select_related("site__commune__department", "site__contract")
    )


def public_sessions(*, now: datetime, search: str = "", site: Site | None = None) -> QuerySet[GroupSession]:
    """The meetings one may join, soonest first; `search` is a town, a department or a place; one query."""
    sessions = _joinable(now)
    if site is not None:
        sessions = sessions.filter(site=site)
    if folded := fold_name(search):
        sessions = sessions.filter(
            Q(site__commune__search_name__contains=folded)
            | Q(site__name__icontains=search.strip())
            | Q(site__commune__department__name__icontains=search.strip())
            | Q(site__commune__department=search.strip())
        )
    return sessions.order_by("period", "pk")


def sessions_for(*, service_request: ServiceRequest, now: datetime) -> list[NearSession]:
    """The meetings of the operator of a request where the person may go, soonest first; one query."""
    town = service_request.commune
    sessions = _joinable(now).filter(site__contract=service_request.contract_id).order_by("period", "pk")
    near = [session for session in sessions if is_near(town, session.site.commune)]
    return [NearSession(session, distance_km(town, session.site.commune)) for session in near]


def has_sessions(*, contract: Contract, now: datetime) -> bool:
    """Whether an operator holds meetings soon, full ones too: asked by each slot page, so kept light."""
    return _OPEN.first(contract=contract.pk, earliest=earliest_start(now)) is not None


_OPEN = Compiled(
    lambda: (
        GroupSession.objects.filter(
            state=GroupState.OPEN,
            period__startswith__gte=Ask("earliest"),
            site__contract=Ask("contract"),
            site__is_open=True,
        )
        .order_by()
        .only("pk")[:1]
    )
)


def place_of(*, session: GroupSession, service_request: ServiceRequest) -> GroupPlace | None:
    """The live place of a request's person in a meeting."""
    if not service_request.is_written:
        return None
    return GroupPlace.objects.live().filter(session=session, service_request=service_request).first()


def coming_places(*, beneficiary: Beneficiary, now: datetime) -> QuerySet[GroupPlace]:
    """The places a person keeps in meetings not over, soonest first; one query."""
    places = GroupPlace.objects.live().filter(beneficiary=beneficiary, session__period__endswith__gt=now)
    return places.select_related("session__site").order_by("session__period", "pk")


def place_by_uuid(uuid: UUID) -> GroupPlace | None:
    """A place with all that its page shows; one query."""
    places = GroupPlace.objects.select_related(
        "session__site__commune", "session__site__contract", "beneficiary", "service_request"
    )
    return places.filter(uuid=uuid).first()


def desk_sessions(*, user: User, now: datetime, past: bool = False) -> QuerySet[GroupSession]:
    """The meetings of a person's operator, with the places taken; coming first, or the past, latest first."""
    sessions = (
        GroupSession.objects.visible_to(user)
        .select_related("site", "adviser__user")
        .annotate(
            taken=Count("places", filter=LIVE),
            came=Count("places", filter=Q(places__state="ATTENDED")),
            to_call=Count("places", filter=TO_CALL),
        )
    )
    if past:
        return sessions.filter(period__endswith__lte=now).order_by(F("period").desc(), "-pk")
    return sessions.filter(period__endswith__gt=now).order_by("period", "pk")


def adviser_sessions(
    *, advisers: Collection[Adviser], first_on: date, last_on: date, zone: str
) -> list[GroupSession]:
    """The meetings not cancelled that advisers hold, alone or in a pair, between two local days, both
    included, with the places taken; one query.
    """
    midnight = datetime.combine(first_on, time.min, tzinfo=ZoneInfo(zone))
    after = datetime.combine(last_on + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
    return list(
        GroupSession.objects.exclude(state=GroupState.CANCELLED)
        .filter(Q(adviser__in=advisers) | Q(second_adviser__in=advisers))
        .filter(period__overlap=DateTimeTZRange(midnight, after))
        .select_related("site")
        .annotate(taken=Count("places", filter=LIVE))
        .order_by("period", "pk")
    )


def participants(*, session: GroupSession) -> QuerySet[GroupPlace]:
    """Who has a place, by name."""
    people = session.places.filter(open_file("beneficiary__"), state__in=PlaceState.live).select_related(
        "beneficiary"
    )
    return people.order_by("beneficiary__last_name", "beneficiary__first_name", "pk")


def told_of_cancellation(*, session: GroupSession) -> list[GroupPlace]:
    """Those who had a place in a meeting when the service cancelled it, by name; one query."""
    places = session.places.filter(cancelled_by=CancelledBy.OPERATOR, cancelled_at=session.cancelled_at)
    people = places.select_related("beneficiary", "reached_by")
    return list(people.order_by("beneficiary__last_name", "beneficiary__first_name", "pk"))


def first_start(expected: Expected) -> datetime | None:
    """When the first meeting to come of an adviser, or at a site, that touches a period begins."""
    sessions = GroupSession.objects.exclude(state=GroupState.CANCELLED).filter(
        period__overlap=DateTimeTZRange(expected.starts_at, expected.ends_at),
        period__startswith__gt=expected.now,
    )
    if expected.adviser is not None:
        sessions = sessions.filter(Q(adviser=expected.adviser) | Q(second_adviser=expected.adviser))
    if expected.site is not None:
        sessions = sessions.filter(site=expected.site)
    first = sessions.order_by("period", "pk").first()
    return first.starts_at if first is not None else None
