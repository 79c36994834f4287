from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.common.compiled import prepared
from cep_portal.common.days import local_day
from cep_portal.territories.models import Department, PublicHoliday
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.demand import rules
from operators.booking.demand.enums import AlertState, CallBackState, EntryState, OfferState
from operators.booking.demand.models import CallBack, EarlierAlert, SlotOffer, UnmetDemand, WaitingEntry
from operators.network.models import Site
from procurement.contracts.models import Contract

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """How many people wait at a site for a level and a mode; `site_id` is None for who chose no place."""

    site_id: int | None
    level: str
    mode: str
    people: int


def waiting_counts(*, contract: Contract | None = None, user: User | None = None) -> list[Waiting]:
    """Who waits, by site, level and mode: the waiting list and the call-backs due; three queries at most.

    Each person is counted once, at the place and in the mode they prefer (the first of `modes`), and once
    only when they also asked to be called.
    """
    entries, calls = WaitingEntry.objects.waiting(), CallBack.objects.filter(state=CallBackState.DUE)
    if contract is not None:
        entries = entries.filter(contract=contract)
        calls = calls.filter(service_request__contract=contract)
    if user is not None:
        entries, calls = entries.visible_to(user), calls.visible_to(user)
    also_listed = WaitingEntry.objects.waiting().filter(service_request=OuterRef("service_request"))
    totals: dict[tuple[int | None, str, str], int] = {}
    for rows in (entries, calls.exclude(Exists(also_listed))):
        for row in _by_place(rows):
            key = (row["site"], row["level"], row["mode"])
            totals[key] = totals.get(key, 0) + row["people"]
    ordered = sorted(totals.items(), key=lambda total: str(total[0]))
    return [Waiting(site, level, mode, people) for (site, level, mode), people in ordered]


def waiting_of_operator(*, user: User) -> list[tuple[str, Waiting]]:
    """The waiting of a person's operator with the name of each site; three queries."""
    names = dict(Site.objects.visible_to(user).values_list("pk", "name"))
    return [
        (names[waiting.site_id] if waiting.site_id else "Aucun lieu choisi", waiting)
        for waiting in waiting_counts(user=user)
    ]


def _by_place(rows: QuerySet) -> QuerySet:
    preferred = Func(F("modes"), template="(%(expressions)s)[1]", output_field=CharField())
    return rows.values("site", "level", mode=preferred).annotate(people=Count("pk")).order_by()


def unmet_counts(*by: str, since: datetime, user: User | None = None) -> QuerySet:
    """Times nobody found a slot that suits since an instant, grouped by columns of UnmetDemand.

    Facts without a person; the threshold of what steering may read is the caller's (reporting).
    """
    facts = UnmetDemand.objects.filter(recorded_at__gte=since)
    if user is not None:
        facts = facts.visible_to(user)
    return facts.values(*by).annotate(times=Count("pk")).order_by("-times", *by)


def legal_holidays(*, department: Department, after: date) -> set[date]:
    """The legal days off of a department in the two months after a day."""
    days = PublicHoliday.objects.filter(
        department=department, is_legal=True, day__gt=after, day__lte=after + timedelta(days=62)
    )
    return set(days.values_list("day", flat=True))


def promised_on(*, service_request: ServiceRequest, now: datetime) -> date:
    """The day on which who asks now is called; one query."""
    place = service_request.commune
    today = local_day(now, place.department.zone)
    holidays = legal_holidays(department=place.department, after=today)
    return rules.promised_day(today, holidays=holidays)


def site_of_request(*, service_request: ServiceRequest, uuid: str | None) -> Site | None:
    """A site of the operator of the request; None for another's."""
    return Site.objects.filter(contract=service_request.contract_id, uuid=uuid).first() if uuid else None


def call_backs(*, user: User) -> QuerySet[CallBack]:
    """The call-backs an operator owes, the oldest promise first, with the number of tries."""
    return (
        CallBack.objects.visible_to(user)
        .filter(state=CallBackState.DUE)
        .select_related(
            "service_request__commune__department", "service_request__beneficiary", "site", "taken_by"
        )
        .annotate(try_count=Count("tries"))
        .order_by("promised_on", "asked_at", "pk")
    )


def call_back_due(*, service_request: ServiceRequest) -> CallBack | None:
    if not service_request.is_written:
        return None
    return CallBack.objects.filter(service_request=service_request, state=CallBackState.DUE).first()


def waiting_list(*, user: User) -> QuerySet[WaitingEntry]:
    """An operator's waiting list in its order, with whether an offer waits for its answer."""
    return (
        WaitingEntry.objects.visible_to(user)
        .waiting()
        .select_related("beneficiary", "service_request__commune", "site")
        .annotate(
            has_offer=Exists(SlotOffer.objects.filter(entry=OuterRef("pk"), state=OfferState.PENDING)),
            offer_count=Count("offers"),
        )
        .order_by("queued_at", "pk")
    )


def entry_waiting(*, service_request: ServiceRequest) -> WaitingEntry | None:
    if not service_request.is_written:
        return None
    return (
        WaitingEntry.objects.waiting().filter(service_request=service_request).select_related("site").first()
    )


def place_in_list(*, entry: WaitingEntry) -> int:
    """1 for the next to be served among those who want the same level under the same contract."""
    ahead = Q(queued_at__lt=entry.queued_at) | Q(queued_at=entry.queued_at, pk__lt=entry.pk)
    same = WaitingEntry.objects.waiting().filter(contract=entry.contract_id, level=entry.level)
    return same.filter(ahead).count() + 1


def offer_by_uuid(uuid: UUID) -> SlotOffer | None:
    """One offer with all that its page shows; one query."""
    return (
        SlotOffer.objects.select_related(
            "entry__service_request",
            "alert__appointment__site",
            "beneficiary",
            "appointment__site__commune",
            "appointment__site__contract",
            "appointment__adviser__user",
            "appointment__service_request",
            "booked",
        )
        .filter(uuid=uuid)
        .first()
    )


def pending_offer(*, service_request: ServiceRequest) -> SlotOffer | None:
    if not service_request.is_written:
        return None
    return (
        SlotOffer.objects.filter(entry__service_request=service_request, state=OfferState.PENDING)
        .select_related("appointment__site")
        .first()
    )


def offers_over(*, now: datetime) -> list[SlotOffer]:
    """The pending offers whose hour is over, or whose slot is no longer kept (an absence was laid on it)."""
    lost = ~Q(appointment__state=AppointmentState.ON_HOLD)
    pending = SlotOffer.objects.filter(state=OfferState.PENDING)
    return list(pending.filter(Q(expires_at__lte=now) | lost).order_by("made_at", "pk"))


def entries_to_serve(*, contract: Contract, now: datetime) -> list[WaitingEntry]:
    """Who waits without an offer pending nor too many of them today, in order; one query."""
    return list(
        WaitingEntry.objects.waiting()
        .filter(contract=contract)
        .alias(offered_now=_pending(), offered_today=_made_today(now))
        .filter(
            beneficiary__restricted_at__isnull=True, beneficiary__erased_at__isnull=True
        )  # a frozen file: nothing is added
        .filter(offered_now=False, offered_today__lt=settings.PORTAL_OFFERS_A_DAY)
        .select_related("beneficiary", "service_request__commune__department", "contract", "site")
        .order_by("queued_at", "pk")
    )


def alerts_to_serve(*, contract: Contract, now: datetime) -> list[EarlierAlert]:
    """Who would come earlier and may be told today, in order; one query."""
    of_alert = SlotOffer.objects.filter(alert=OuterRef("pk")).order_by()
    return list(
        EarlierAlert.objects.filter(
            state=AlertState.ACTIVE,
            appointment__state=AppointmentState.BOOKED,
            appointment__site__contract=contract,
            appointment__period__startswith__gt=now,
            beneficiary__restricted_at__isnull=True,
            beneficiary__erased_at__isnull=True,
        )
        .alias(
            offered_now=_pending(),
            offered_today=_made_today(now),
            told_today=_count(of_alert.filter(made_at__gt=now - A_DAY)),
            told=_count(of_alert),
        )
        .filter(
            offered_now=False,
            offered_today__lt=settings.PORTAL_OFFERS_A_DAY,
            told_today__lt=settings.PORTAL_ALERTS_A_DAY,
            told__lt=settings.PORTAL_ALERTS_AN_APPOINTMENT,
        )
        .select_related("beneficiary", "appointment__site__contract", "appointment__service_request")
        .order_by("created_at", "pk")
    )


def _of_person() -> QuerySet[SlotOffer]:
    return SlotOffer.objects.filter(beneficiary=OuterRef("beneficiary")).order_by()


def _pending() -> Exists:
    return Exists(_of_person().filter(state=OfferState.PENDING))


def _made_today(now: datetime) -> Any:
    return _count(_of_person().filter(made_at__gt=now - A_DAY))


def _count(rows: QuerySet) -> Any:
    total = rows.values("beneficiary").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def offered_before(*, contract: Contract) -> dict[tuple[type, int], set[tuple[int, datetime]]]:
    """The sites and instants already offered for each wish that is still open; one query."""
    rows = SlotOffer.objects.filter(
        Q(entry__state=EntryState.WAITING) | Q(alert__state=AlertState.ACTIVE),
        appointment__site__contract=contract,
    ).values_list("entry", "alert", "appointment__site", "appointment__period")
    offered: dict[tuple[type, int], set[tuple[int, datetime]]] = {}
    for entry, alert, site, period in rows:
        key: tuple[type, int] = (WaitingEntry, entry) if entry else (EarlierAlert, alert or 0)
        offered.setdefault(key, set()).add((site, period.lower))
    return offered


def contracts_awaited() -> list[Contract]:
    """The contracts for which somebody waits, or would come earlier."""
    return list(
        Contract.objects.filter(
            Exists(WaitingEntry.objects.waiting().filter(contract=OuterRef("pk")))
            | Exists(
                EarlierAlert.objects.filter(
                    state=AlertState.ACTIVE, appointment__site__contract=OuterRef("pk")
                )
            )
        ).order_by("pk")
    )


def has_live_demand(*, beneficiary_id: int, service_request_id: int | None) -> bool:
    """Whether a booking changes something here: asked at each booking, so one query."""
    with prepared() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM operators_waitingentry WHERE state = 'WAITING' AND beneficiary_id = %s)
                OR EXISTS (SELECT FROM operators_callback WHERE state = 'DUE' AND service_request_id = %s)
            """,
            [beneficiary_id, service_request_id],
        )
        return cursor.fetchone()[0]


def booked_to_come(*, uuid: UUID, now: datetime) -> Appointment | None:
    """The coming appointment of a signed link; None when it was cancelled, moved, or is past."""
    return (
        Appointment.objects.to_come(now)
        .select_related("site__commune", "site__contract", "beneficiary", "service_request")
        .filter(uuid=uuid)
        .first()
    )


def alert_of(*, appointment: Appointment) -> EarlierAlert | None:
    return EarlierAlert.objects.filter(appointment=appointment).first()


def coming_appointment(*, beneficiary: Beneficiary, now: datetime) -> Appointment | None:
    return Appointment.objects.not_over(now).filter(beneficiary=beneficiary).order_by("period", "pk").first()


def still_waits(*, offer: SlotOffer) -> bool:
    """Whether another slot may be offered for the same wish."""
    if offer.entry is not None:
        return offer.entry.state == EntryState.WAITING
    return offer.alert is not None and offer.alert.state == AlertState.ACTIVE
