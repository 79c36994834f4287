from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, DateField, Exists, F, Func, Min, OuterRef, Q, QuerySet

from cep_portal.accounts.models import User
from cep_portal.common.days import local_day, monday_of
from cep_portal.common.wording.dates import short_day
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.rules import latest_start
from operators.booking.agenda.selectors import free_slots, slot_times
from operators.booking.demand.selectors import waiting_counts
from operators.booking.supervision.models import OpeningRequest
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site, SlotDelay
from operators.network.selectors import latest_delays
from procurement.contracts.models import Contract

LevelMode = tuple[str, str]  # level, mode
Place = tuple[int | None, str, str]  # site, level, mode; no site: the person named none
WEEK = timedelta(days=7)


@dataclass
class Week:
    """A site's week to come: places still free and booked ones; together, what is open."""

    monday: date
    free: int = 0
    booked: int = 0

    @property
    def open(self) -> int:
        return self.free + self.booked

    @property
    def label(self) -> str:
        """« 30 nov. »: its Monday, without the name of the day."""
        return short_day(self.monday).split(" ", 1)[1]


@dataclass
class SiteCapacity:
    site: Site
    weeks: list[Week]
    waiting: int = 0
    missing: int = 0


@dataclass(frozen=True)
class LotSupply:
    """What France compétences reads of a contract: delays and requests, nobody's name nor number."""

    contract: Contract
    sites: int = 0
    first_days: dict[str, float | None] = field(default_factory=dict)
    without_slot: int = 0
    requests: int = 0
    oldest: datetime | None = None


def contracts_with_sites(*, now: datetime) -> QuerySet[Contract]:
    """The contracts in force that have an open site, by key."""
    return Contract.objects.in_force(now.date()).filter(sites__is_open=True).distinct().order_by("pk")


def contracts_to_count() -> QuerySet[Contract]:
    """The contracts for which a request is open: a few, looked at all day long."""
    return Contract.objects.filter(
        Exists(OpeningRequest.objects.open().filter(contract=OuterRef("pk")))
    ).order_by("pk")


def unmeasured_sites(*, contract: Contract, now: datetime) -> list[Site]:
    """The open sites of a contract without a measure on their own local day; two queries."""
    sites = list(Site.objects.filter(contract=contract, is_open=True).order_by("pk"))
    days = {local_day(now, site.zone) for site in sites}
    known = SlotDelay.objects.filter(site__in=sites, measured_on__in=days)
    done = set(known.order_by().values_list("site", "measured_on").distinct())
    return [site for site in sites if (site.pk, local_day(now, site.zone)) not in done]


def offers(*, sites: Collection[Site], on: date) -> dict[int, set[LevelMode]]:
    """The levels and modes for which somebody opens hours at each site, on a day or later; one query."""
    openings = OpeningRule.objects.filter(
        Q(last_on__isnull=True) | Q(last_on__gte=on), site__in=sites, adviser__is_active=True
    )
    by_site: dict[int, set[LevelMode]] = {}
    for site, levels, modes in openings.order_by("pk").values_list("site", "levels", "modes"):
        by_site.setdefault(site, set()).update((level, mode) for level in levels for mode in modes)
    return by_site


def free_hours(
    *, contract: Contract, offered: Collection[LevelMode], now: datetime, ends: datetime | None = None
) -> Iterator[tuple[LevelMode, dict[int, list[datetime]]]]:
    """For each level and mode, the starts of the free slots by site, to the horizon or before `ends`.

    One query for each level and mode, the very one of the slot page: what is measured can be booked.
    """
    for level, mode in sorted(offered):
        starts: dict[int, list[datetime]] = {}
        for slot in slot_times(
            contract=contract,
            starts=now,
            ends=ends or latest_start(now),
            now=now,
            level=level,
            mode=mode,
            each_site=True,
        ):
            starts.setdefault(slot.site_id, []).append(slot.starts_at)
        yield (level, mode), starts


def waiting_by_place(*, contract: Contract) -> dict[Place, int]:
    """The people who wait, by site, level and mode."""
    return {
        (waiting.site_id, waiting.level, waiting.mode): waiting.people
        for waiting in waiting_counts(contract=contract)
    }


def free_by_place(*, contract: Contract, places: Collection[Place], now: datetime) -> dict[Place, int]:
    """How many people could be received soon at each place: an hour counts once for each free adviser.

    Without a site, at any site of the contract. One query for each level and mode asked for.
    """
    ends = now + timedelta(days=settings.PORTAL_SUPERVISION_DAYS)
    free: dict[Place, int] = dict.fromkeys(places, 0)
    for level, mode in sorted({(level, mode) for _, level, mode in places}):
        for slot in free_slots(contract=contract, starts=now, ends=ends, now=now, level=level, mode=mode):
            for place in ((slot.site_id, level, mode), (None, level, mode)):
                if place in free:
                    free[place] += len(slot.adviser_ids)
    return free


def opening_requests(*, user: User) -> QuerySet[OpeningRequest]:
    """The requests open for a manager's operator, the oldest first."""
    requests = OpeningRequest.objects.visible_to(user).open()
    return requests.select_related("site", "contract").order_by("asked_at", "pk")


def capacity(*, user: User, now: datetime) -> list[SiteCapacity]:
    """Each open site of an operator with its weeks to come; the same queries whatever the sites and weeks.

    One query of slots and three of waiting people for each contract, three more in all.
    """
    sites = list(
        Site.objects.visible_to(user)
        .filter(is_open=True, contract__ends_on__gte=now.date())
        .select_related("commune", "contract")
        .order_by("name", "pk")
    )
    by_site = {site.pk: SiteCapacity(site, _weeks(site, now)) for site in sites}
    for contract in {site.contract_id: site.contract for site in sites}.values():
        _add_free(by_site, contract, now)
        for (site, _, _), people in waiting_by_place(contract=contract).items():
            if site in by_site:
                by_site[site].waiting += people
    _add_booked(by_site, now)
    for request in opening_requests(user=user):
        if request.site_id in by_site:
            by_site[request.site_id].missing += request.missing
    return list(by_site.values())


def _weeks(site: Site, now: datetime) -> list[Week]:
    first = monday_of(local_day(now, site.zone))
    return [Week(first + WEEK * rank) for rank in range(settings.PORTAL_HORIZON_WEEKS)]


def _week(capacity: SiteCapacity, monday: date) -> Week | None:
    return next((week for week in capacity.weeks if week.monday == monday), None)


def _add_free(by_site: dict[int, SiteCapacity], contract: Contract, now: datetime) -> None:
    for slot in free_slots(contract=contract, starts=now, ends=latest_start(now), now=now):
        site_capacity = by_site.get(slot.site_id)
        if site_capacity and (week := _week(site_capacity, monday_of(local_day(slot.starts_at, slot.zone)))):
            week.free += len(slot.adviser_ids)


def _add_booked(by_site: dict[int, SiteCapacity], now: datetime) -> None:
    monday = Func(
        F("period"),
        F("site__zone"),
        template="date_trunc('week', lower(%(expressions)s))::date",
        arg_joiner=") AT TIME ZONE (",
        output_field=DateField(),
    )
    booked = Appointment.objects.to_come(now).filter(site__in=list(by_site))
    for site, day, count in (
        booked.annotate(monday=monday).values_list("site", "monday").annotate(Count("pk"))
    ):
        if week := _week(by_site[site], day):
            week.booked = count


def team(*, user: User) -> QuerySet[Adviser]:
    """The active advisers of an operator, with their name and place."""
    advisers = (
        Adviser.objects.visible_to(user).filter(is_active=True).select_related("user", "site__contract")
    )
    return advisers.order_by("user__last_name", "user__first_name", "pk")


def full_offers(*, user: User, now: datetime) -> list[SlotDelay]:
    """Where last night nothing was free soon for a level and a mode, whether or not somebody waits."""
    sites = list(Site.objects.visible_to(user).filter(is_open=True))
    last = now + timedelta(days=settings.PORTAL_SUPERVISION_DAYS)
    delays = latest_delays(sites=sites, on=now.date())
    names = {site.pk: site for site in sites}
    full = [
        delay for some in delays.values() for delay in some if delay.first_at is None or delay.first_at > last
    ]
    for delay in full:
        delay.site = names[delay.site_id]
    return sorted(full, key=lambda delay: (delay.site.name, delay.level, Mode.values.index(delay.mode)))


def lot_supply(*, now: datetime) -> list[LotSupply]:
    """Each contract in force with what its sites measured last and the requests still open; four queries.

    Delays are published and requests are about slots: no figure here speaks of a person.
    """
    contracts = list(
        Contract.objects.in_force(now.date())
        .select_related("lot__market", "holder")
        .order_by("lot__market__number", "lot__number", "pk")
    )
    sites = list(Site.objects.filter(contract__in=contracts, is_open=True).order_by("pk"))
    delays = latest_delays(sites=sites, on=now.date())
    asked = {
        row["contract"]: row
        for row in OpeningRequest.objects.open()
        .values("contract")
        .annotate(total=Count("pk"), oldest=Min("asked_at"))
        .order_by()
    }
    return [
        _supply(contract, [site for site in sites if site.contract_id == contract.pk], delays, asked)
        for contract in contracts
    ]


def _supply(contract: Contract, sites: list[Site], delays: dict, asked: dict) -> LotSupply:
    first = [delay for site in sites for delay in delays.get(site.pk, []) if delay.level == ServiceLevel.ONE]
    days = {mode: [measure.first_days for measure in first if measure.mode == mode] for mode in Mode}
    known = {mode: [day for day in some if day is not None] for mode, some in days.items()}
    request = asked.get(contract.pk, {})
    return LotSupply(
        contract=contract,
        sites=len(sites),
        first_days={mode: median(some) if some else None for mode, some in known.items()},
        without_slot=sum(day is None for some in days.values() for day in some),
        requests=request.get("total", 0),
        oldest=request.get("oldest"),
    )
