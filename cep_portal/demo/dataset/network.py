"""Sites, advisers and opening hours of the demonstration, spread like employment."""

import random
from dataclasses import dataclass, field
from datetime import date, time

from django.utils.text import slugify

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.common.days import first_of_month
from cep_portal.common.wording.names import of
from cep_portal.demo.dataset.clock import day_number
from cep_portal.demo.dataset.names import Names
from cep_portal.demo.dataset.scale import Scale
from cep_portal.territories.models import Commune, Department, EmployedPopulation
from operators.booking.agenda.models import OpeningRule
from operators.network.enums import AdviserSkill
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract

STREETS = ("rue de la Démonstration", "place des Exemples", "avenue du Modèle", "quai des Essais")
# (weekday, opens, closes): days of an ordinary week, then what some advisers add for people at work.
MORNING, AFTERNOON = (time(9), time(12, 45)), (time(13, 30), time(17, 15))
EVENING, EARLY, SATURDAY = (time(17, 30), time(20)), (time(7, 45), time(8, 45)), (time(9), time(12, 45))


@dataclass
class Staffed:
    """One adviser of the simulation, with the openings as plain data."""

    adviser: Adviser
    site: Site
    region: str
    department: str
    # weekday, open and close in minutes
    openings: list[tuple[int, int, int]] = field(default_factory=list)
    # From this day number on (the named adviser alone), these hours too, bank holidays included.
    shown_from: int | None = None
    shown_openings: list[tuple[int, int, int]] = field(default_factory=list)


def regional_contracts(on: date) -> list[tuple[Contract, str]]:
    """Each region with the regional contract in force on a day."""
    contracts = Contract.objects.in_force(on).filter(lot__kind="REGIONAL")
    return [
        (contract, region.code)
        for contract in contracts.prefetch_related("lot__regions").order_by("lot__number", "pk")
        for region in sorted(contract.lot.regions.all(), key=lambda region: region.code)
    ]


def employment_shares() -> dict[str, float]:
    totals = dict(EmployedPopulation.objects.values_list("region", "total").order_by("year"))
    return {code: total / sum(totals.values()) for code, total in totals.items()}


def _largest_communes(region: str, count: int) -> list[Commune]:
    """The big towns of a region, one per department first, so that nobody is far away."""
    communes = list(
        Commune.objects.filter(department__region=region)
        .select_related("department")
        .prefetch_related("postcodes")
        .order_by("-population", "pk")[: count * 4 + 40]
    )
    chosen: dict[str, Commune] = {}
    departments = Department.objects.filter(region=region).count()
    seen: set[str] = set()
    for commune in communes:
        if commune.department_id not in seen and len(chosen) < min(count, departments):
            seen.add(commune.department_id)
            chosen[commune.code] = commune
    for commune in communes:
        if len(chosen) >= count:
            break
        chosen.setdefault(commune.code, commune)
    return list(chosen.values())


def build_sites(scale: Scale, rng: random.Random, on: date) -> list[Site]:
    shares = employment_shares()
    sites = []
    for contract, region in regional_contracts(on):
        count = max(1, round(shares[region] * scale.sites))
        sites += [_site(contract, commune, rng) for commune in _largest_communes(region, count)]
    return Site.objects.bulk_create(sites)


def _site(contract: Contract, commune: Commune, rng: random.Random) -> Site:
    return Site(
        contract=contract,
        slug=slugify(f"{commune.name} {commune.code}"),
        name=f"Espace conseil {of(commune.name)}",
        address=f"{rng.randrange(1, 90)} {rng.choice(STREETS)}",
        postcode=min((row.postcode for row in commune.postcodes.all()), default=""),
        commune=commune,
        zone=commune.department.zone,
        phone=contract.phone,
        access="Arrêt de bus devant l’entrée. Accueil au rez-de-chaussée.",
        is_step_free=rng.random() < 0.85,
    )


def build_advisers(scale: Scale, rng: random.Random, sites: list[Site], password: str) -> list[Staffed]:
    """Advisers spread over the sites, at least one each, with users and mandates."""
    weights = _adviser_counts(scale, sites)
    names = Names(rng)
    users, staffed = [], []
    for site in sites:
        for _ in range(weights[site.pk]):
            first, last, _, _ = names.person(0)
            email = f"conseil{len(users) + 1}@operateurs.example"
            users.append(User(email=email, first_name=first, last_name=last, password=password))
            staffed.append(site)
    User.objects.bulk_create(users, batch_size=2000)
    Mandate.objects.bulk_create(
        Mandate(user=user, role=Role.ADVISER, organisation_id=site.contract.holder_id, starts_on=scale.since)
        for user, site in zip(users, staffed, strict=True)
    )
    advisers = Adviser.objects.bulk_create(
        Adviser(user=user, site=site, skills=skills)
        for user, site, skills in zip(users, staffed, _skills(staffed), strict=True)
    )
    return [
        Staffed(adviser, adviser.site, site.commune.department.region_id, site.commune.department_id)
        for adviser, site in zip(advisers, staffed, strict=True)
    ]


def _skills(staffed: list[Site]) -> list[list[str]]:
    """The first adviser of each department signs, one in five writes easy to read; nothing is drawn."""
    seen: set[str] = set()
    skills: list[list[str]] = []
    for place, site in enumerate(staffed):
        department = site.commune.department_id
        signs = [AdviserSkill.SIGN_LANGUAGE.value] if department not in seen else []
        skills.append([*([AdviserSkill.EASY_TO_READ.value] if place % 5 == 0 else []), *signs])
        seen.add(department)
    return skills


def _adviser_counts(scale: Scale, sites: list[Site]) -> dict[int, int]:
    shares = employment_shares()
    by_region: dict[str, list[Site]] = {}
    for site in sites:
        by_region.setdefault(site.commune.department.region_id, []).append(site)
    counts: dict[int, int] = {}
    for region, places in by_region.items():
        total = max(len(places), round(shares[region] * scale.advisers))
        for rank, site in enumerate(places):
            counts[site.pk] = total // len(places) + (rank < total % len(places))
    return counts


def build_openings(rng: random.Random, team: list[Staffed], since: date) -> None:
    """Four or five days a week each; every other adviser opens early, late or on Saturday."""
    rules = []
    for place, staffed in enumerate(team):
        days = sorted(rng.sample(range(1, 6), rng.choice((4, 4, 5))))
        hours = [(day, *part) for day in days for part in (MORNING, AFTERNOON)]
        if place % 2 == 0:
            hours += [(day, *EVENING) for day in days[:2]]
        if place % 3 == 0:
            hours.append((days[-1], *EARLY))
        if place % 4 == 0:
            hours.append((6, *SATURDAY))
        for weekday, opens, closes in hours:
            rules.append(_rule(staffed, weekday, opens, closes, first_of_month(since)))
            staffed.openings.append((weekday, *_minutes(opens, closes)))
    OpeningRule.objects.bulk_create(rules, batch_size=2000)


def named_adviser(team: list[Staffed], scale: Scale) -> Staffed:
    """Whose desk the adviser's account opens: the first of the region shown, so that no draw decides."""
    return next((staffed for staffed in team if staffed.region == scale.region), team[0])


def open_every_day(named: Staffed, since: date) -> None:
    """Mornings on the days that the named adviser leaves free, Sunday too: each day has a desk to show."""
    usual = {weekday for weekday, _, _ in named.openings}
    closed = [weekday for weekday in range(1, 8) if weekday not in usual]
    OpeningRule.objects.bulk_create(_rule(named, weekday, *MORNING, since) for weekday in closed)
    named.shown_from = day_number(since)
    named.shown_openings = [(weekday, *_minutes(*MORNING)) for weekday in closed]


def _minutes(opens: time, closes: time) -> tuple[int, int]:
    return opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute


def _rule(staffed: Staffed, weekday: int, opens: time, closes: time, first_on: date) -> OpeningRule:
    return OpeningRule(
        adviser=staffed.adviser,
        site=staffed.site,
        weekday=weekday,
        opens=opens,
        closes=closes,
        first_on=first_on,
        levels=["ONE", "TWO"],
        modes=["ON_SITE", "PHONE", "VIDEO"],
        slot_minutes=60,
        buffer_minutes=15,
    )
