"""Who receives whom, where, and where nobody does: contracts, sites and openings on one day."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.territories.models import Commune, Department
from cep_portal.territories.rules import is_near
from operators.booking.agenda.models import OpeningRule
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site
from operators.network.selectors import NearSite, sites_near
from procurement.contracts.models import Contract
from procurement.contracts.selectors import RegionCoverage

SITES_SHOWN = 5
type LevelMode = tuple[str, str]  # a level and a mode
REMOTE = (Mode.PHONE, Mode.VIDEO)


@dataclass(frozen=True)
class OfferedSite:
    """A site that would be offered, with what its openings give on that day."""

    near: NearSite
    levels: tuple[str, ...]
    modes: tuple[str, ...]


@dataclass
class Gap:
    """A department with an operator, and what nobody offers its people."""

    department: Department
    missing: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return len(self.missing) == len(ServiceLevel) * len(Mode)


def openings_on(*, on: date) -> QuerySet[OpeningRule]:
    """The openings that run on a day, of advisers who work, in sites that are open."""
    return OpeningRule.objects.filter(
        Q(last_on__isnull=True) | Q(last_on__gte=on),
        first_on__lte=on,
        adviser__is_active=True,
        site__is_open=True,
    )


def sites_offered(*, contract: Contract, near: Commune, on: date) -> list[OfferedSite]:
    """The closest sites that open on that day, at most SITES_SHOWN; nobody comes from afar; two queries."""
    places = sites_near(contract=contract, near=near)
    offers: dict[int, set[LevelMode]] = {}
    rules = openings_on(on=on).filter(site__in=[site.site.pk for site in places])
    for site, levels, modes in rules.values_list("site", "levels", "modes"):
        offers.setdefault(site, set()).update((level, mode) for level in levels for mode in modes)
    for place in places:
        if place.site.pk in offers and not is_near(near, place.site.commune):
            offers[place.site.pk] = {offer for offer in offers[place.site.pk] if offer[1] != Mode.ON_SITE}
    shown = [place for place in places if offers.get(place.site.pk)][:SITES_SHOWN]
    return [_offered(site, offers[site.site.pk]) for site in shown]


def _offered(near: NearSite, offers: set[LevelMode]) -> OfferedSite:
    levels, modes = {level for level, _ in offers}, {mode for _, mode in offers}
    return OfferedSite(
        near,
        tuple(level.label for level in ServiceLevel if level in levels),
        tuple(mode.label for mode in Mode if mode in modes),
    )


def sites_without_opening(*, user: User, on: date) -> QuerySet[Site]:
    """The open sites of the contracts in force where nothing opens on that day; one query."""
    opened = openings_on(on=on).filter(site=OuterRef("pk"))
    sites = Site.objects.visible_to(user).filter(
        ~Exists(opened), is_open=True, contract__starts_on__lte=on, contract__ends_on__gte=on
    )
    return sites.select_related("commune__department", "contract__holder").order_by("name", "pk")


def gaps(*, user: User, rows: Collection[RegionCoverage], on: date) -> list[Gap]:
    """By department with an operator, each level and mode that nobody offers there; two queries.

    On site counts where the site is; by phone and video any site of the operator of the region serves.
    An operator reads its own departments.
    """
    here: dict[str, set[LevelMode]] = {}
    afar: dict[int, set[LevelMode]] = {}
    facts = openings_on(on=on).values_list("site__commune__department", "site__contract", "levels", "modes")
    for department, contract, levels, modes in facts.distinct():
        offers = {(level, mode) for level in levels for mode in modes}
        here.setdefault(department, set()).update(offers)
        afar.setdefault(contract, set()).update(offers)
    holders = {row.region.code: row.contracts[0] for row in rows if _is_read(row, user)}
    departments = Department.objects.filter(region__in=list(holders)).order_by("region__name", "name", "pk")
    found = [
        Gap(
            department,
            _missing(here.get(department.code, set()), afar.get(holders[department.region_id].pk, set())),
        )
        for department in departments
    ]
    return [gap for gap in found if gap.missing]


def _is_read(row: RegionCoverage, user: User) -> bool:
    if not row.contracts or user.mandate is None:
        return False
    return user.role not in Role.of_operators or row.contracts[0].holder_id == user.mandate.organisation_id


def _missing(here: set[LevelMode], afar: set[LevelMode]) -> list[str]:
    offered = {offer for offer in here if offer[1] == Mode.ON_SITE} | {
        offer for offer in afar if offer[1] in REMOTE
    }
    return [
        f"{level.label} {mode.label}"
        for mode in Mode
        for level in ServiceLevel
        if (level, mode) not in offered
    ]
