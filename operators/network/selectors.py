from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from cep_portal.accounts.models import User
from cep_portal.common.compiled import Ask, Compiled
from cep_portal.territories.models import Commune
from cep_portal.territories.rules import distance_km, fold_name, is_near
from cep_portal.territories.selectors import Match, look_up
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from procurement.contracts.models import Contract

FRESH = timedelta(days=7)  # an older measure no longer says how long one waits
NEAREST = 10
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class NearSite:
    site: Site
    km: float


@dataclass(frozen=True)
class SearchedTown:
    """The town of a search when it is certain or chosen; else the `choices` to ask about."""

    town: Commune | None = None
    choices: tuple[Match, ...] = ()


@dataclass(frozen=True)
class OpenDay:
    day: str
    opens: time
    closes: time


_RECEIVING = Compiled(
    lambda: (
        Site.objects.filter(contract=Ask("contract"), is_open=True, opening_rules__adviser__is_active=True)
        .distinct()
        .select_related("commune")
    )
)


def sites_near(*, contract: Contract, near: Commune, step_free: bool = False) -> list[NearSite]:
    """The open sites of a contract where somebody receives, closest first; one query.

    `step_free` keeps those without a step. Distances are in kilometres, from town to town.
    """
    sites = (site for site in _RECEIVING(contract=contract.pk) if site.is_step_free or not step_free)
    near_sites = [NearSite(site, distance_km(near, site.commune)) for site in sites]
    return sorted(near_sites, key=lambda site: (site.km, site.site.pk))


def public_sites(
    *, on: date, search: str = "", town: Commune | None = None, soonest: bool = False
) -> QuerySet[Site]:
    """The open sites of the contracts in force on a day: those of a `town`, else those that answer
    to the words of a `search` (a town, a place, a department, a region) or to its number.

    By region and town, by town alone for a search. `soonest` puts first those where the first meeting
    on site was measured nearest; unmeasured ones last.
    """
    sites = Site.objects.filter(
        is_open=True, contract__starts_on__lte=on, contract__ends_on__gte=on
    ).select_related("commune__department__region", "contract__holder")
    if town is not None:
        sites = sites.filter(commune=town)
    elif search.strip().isdigit():
        # a postcode's first two digits are the department's, three overseas
        code = search.strip()
        sites = sites.filter(
            Q(commune__postcodes__postcode=code)
            | Q(commune__department=code[:3] if code.startswith(("97", "98")) else code[:2])
        ).distinct()
    elif folded := fold_name(search):
        sites = sites.filter(
            Q(commune__search_name__startswith=folded)
            | Q(commune__search_name__contains=f" {folded}")
            | Q(name__icontains=search.strip())
            | Q(commune__department__region__name__icontains=search.strip())
            | Q(commune__department__name__icontains=search.strip())
        )
    by_town = ("commune__search_name", "name", "pk")
    by_region = () if search else ("commune__department__region__name",)
    if soonest:
        return sites.annotate(wait=_first_days(on)).order_by(F("wait").asc(nulls_last=True), *by_town)
    return sites.order_by(*by_region, *by_town)


def _first_days(on: date) -> Subquery:
    measures = SlotDelay.objects.filter(
        site=OuterRef("pk"), level=ServiceLevel.ONE, mode=Mode.ON_SITE, measured_on__gt=on - FRESH
    )
    return Subquery(measures.order_by("-measured_on").values("first_days")[:1])


def searched_town(*, search: str, code: str = "") -> SearchedTown:
    """The town of a search: certain, or chosen by its code among those it may be; else what to ask."""
    lookup = look_up(search)
    town = next((commune for commune in lookup.communes if commune.code == code), lookup.certain)
    return SearchedTown(town) if town else SearchedTown(choices=tuple(lookup.matches))


def sites_around(*, town: Commune, on: date) -> list[NearSite]:
    """The open sites outside a town, closest first, at most NEAREST: within 100 km, no sea between."""
    sites = [
        NearSite(site, distance_km(town, site.commune))
        for site in public_sites(on=on)
        if site.commune_id != town.pk and is_near(town, site.commune)
    ]
    return sorted(sites, key=lambda site: (site.km, site.site.pk))[:NEAREST]


def latest_delays(*, sites: Collection[Site], on: date) -> dict[int, list[SlotDelay]]:
    """The newest measure of each site, by level and mode, none older than FRESH; one query."""
    measures = SlotDelay.objects.filter(site__in=sites, measured_on__gt=on - FRESH)
    newest = measures.order_by("site", "level", "mode", "-measured_on").distinct("site", "level", "mode")
    found: dict[int, list[SlotDelay]] = {}
    for delay in newest:
        found.setdefault(delay.site_id, []).append(delay)
    return found


def delay_weeks(*, site: Site, since: date) -> list[SlotDelay]:
    """The last measure of each week from a day on, by level and mode, oldest first; one query."""
    measures = SlotDelay.objects.filter(site=site, measured_on__gte=since).select_related("site")
    weekly = measures.annotate(week=TruncWeek("measured_on"))
    return list(weekly.order_by("level", "mode", "week", "-measured_on").distinct("level", "mode", "week"))


def coming_closures(*, site: Site, on: date) -> QuerySet[SiteClosure]:
    return site.closures.filter(last_on__gte=on).order_by("first_on", "pk")


def open_days(*, site: Site, on: date) -> list[OpenDay]:
    """The week of a site in words: from the first opening to the last closing of each day; one query."""
    rules = site.opening_rules.filter(Q(last_on__isnull=True) | Q(last_on__gte=on), adviser__is_active=True)
    days = rules.values("weekday").annotate(first=Min("opens"), last=Max("closes")).order_by("weekday")
    return [OpenDay(DAYS[day["weekday"] - 1], day["first"], day["last"]) for day in days]


def site_modes(*, site: Site, on: date) -> set[str]:
    rules = site.opening_rules.filter(Q(last_on__isnull=True) | Q(last_on__gte=on), adviser__is_active=True)
    return {mode for modes in rules.values_list("modes", flat=True) for mode in modes}


def team_sites(*, user: User) -> QuerySet[Site]:
    """The sites a person's operator runs, with the number of active advisers."""
    return (
        Site.objects.visible_to(user)
        .select_related("commune", "contract")
        .annotate(adviser_count=Count("advisers", filter=Q(advisers__is_active=True)))
        .order_by("name", "pk")
    )


def _open_pathways() -> QuerySet:
    """Counted apart: joined to the openings and appointments, a portfolio would multiply them."""
    followed = Adviser.objects.filter(pk=OuterRef("pk"), pathways__state="OPEN").order_by()
    return followed.values("pk").annotate(found=Count("pathways")).values("found")


def team_advisers(*, user: User, now: datetime) -> QuerySet[Adviser]:
    """The advisers of a person's operator, with their openings, coming appointments and open pathways."""
    return (
        Adviser.objects.visible_to(user)
        .select_related("user", "site")
        .annotate(
            opening_count=Count(
                "opening_rules",
                filter=Q(opening_rules__last_on__isnull=True) | Q(opening_rules__last_on__gte=now.date()),
                distinct=True,
            ),
            coming_count=Count(
                "appointments",
                filter=Q(appointments__state="BOOKED", appointments__period__startswith__gte=now),
                distinct=True,
            ),
            pathway_count=Subquery(_open_pathways()),
        )
        .order_by("-is_active", "user__last_name", "user__first_name", "pk")
    )
