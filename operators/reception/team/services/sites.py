"""The places of an operator: opened, changed, closed for good without forgetting anybody."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.locks import locked
from cep_portal.common.versions import Seen, check_seen
from cep_portal.common.wording.dates import long_instant
from cep_portal.territories.models import Commune
from operators.booking.agenda.hooks import next_meeting
from operators.booking.agenda.models import OpeningRule, Replacement
from operators.booking.agenda.services import replace_site
from operators.network.models import Adviser, Site
from operators.network.services import locked_advisers, locked_sites
from operators.reception.team.errors import SiteRefused
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contract_in_force

SLUG_LENGTH = 80


@dataclass(frozen=True)
class PlaceFacts:
    """What a place tells people: where it is and how one gets in."""

    name: str
    address: str
    postcode: str
    phone: str
    access: str
    is_step_free: bool


@dataclass(frozen=True)
class SiteFacts(PlaceFacts):
    commune: Commune


@transaction.atomic
def open_site(*, holder: Organisation, facts: SiteFacts, by: User, now: datetime) -> Site:
    """Open a place under the contract in force there; its hour and days off are those of its department.

    Raises SiteRefused when the operator does not receive that commune today, or has this very place already.
    """
    contract = contract_in_force(facts.commune, local_day(now, facts.commune.department.zone))
    if contract is None or contract.holder_id != holder.pk:
        raise SiteRefused(f"{facts.commune.name} n’est pas dans le territoire de votre contrat.")
    # One place at a time under a contract: neither the same place twice, nor one address for two pages.
    locked(Contract.objects.all(), [contract.pk])
    same = Site.objects.filter(contract=contract, commune=facts.commune, is_open=True)
    if same.filter(name__iexact=facts.name, address__iexact=facts.address).exists():
        raise SiteRefused(f"{facts.name} est déjà ouvert à cette adresse.")
    site = Site.objects.create(
        slug=_free_slug(facts.name, facts.commune),
        contract=contract,
        commune=facts.commune,
        zone=facts.commune.department.zone,
        name=facts.name,
        address=facts.address,
        postcode=facts.postcode,
        phone=facts.phone,
        access=facts.access,
        is_step_free=facts.is_step_free,
    )
    record(action="operators.site.opened", target=site, by=by, now=now)
    return site


def _free_slug(name: str, commune: Commune) -> str:
    wanted = slugify(name) or slugify(commune.name)
    if commune.search_name.replace(" ", "-") not in wanted:
        wanted = f"{wanted}-{slugify(commune.name)}"
    wanted = wanted[: SLUG_LENGTH - 4].strip("-")
    taken = set(Site.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 999))) if slug not in taken)


@transaction.atomic
def change_site(*, site: Site, facts: PlaceFacts, seen: Seen | None = None, by: User, now: datetime) -> Site:
    """Correct what people read of a place. It stays in its commune: elsewhere is another place.

    Raises SiteRefused when it is closed.
    """
    site = locked_sites(site.pk)[site.pk]
    _check_open(site)
    changed = asdict(facts)
    check_seen(seen, {name: getattr(site, name) for name in changed})
    for name, value in changed.items():
        setattr(site, name, value)
    site.save(update_fields=list(changed))
    record(action="operators.site.changed", target=site, by=by, now=now)
    return site


@transaction.atomic
def close_for_good(*, site: Site, by: User, now: datetime) -> list[Replacement]:
    """Receive nobody there from now on: openings end, each person booked is told once and proposed slots.

    Raises SiteRefused when it is closed already, while an active adviser belongs to it, or over an
    information meeting.
    """
    site = locked_sites(site.pk)[site.pk]
    _check_open(site)
    staying = site.advisers.filter(is_active=True).select_related("user")
    if names := [adviser.user.full_name for adviser in staying.order_by("user__last_name", "pk")]:
        raise SiteRefused(f"Donnez d’abord un autre lieu à : {', '.join(names)}.")
    site.is_open = False
    site.save(update_fields=["is_open"])
    replaced = replace_site(site=site, by=by, now=now)
    meeting = next_meeting(site=site, starts_at=now, ends_at=None, now=now)
    if meeting is not None:
        when = long_instant(meeting, site.zone)
        raise SiteRefused(f"Une réunion d’information est prévue {when} : annulez-la d’abord.")
    _end_openings(site, on=local_day(now, site.zone))
    data = {"replaced": len(replaced)}
    record(action="operators.site.closed_for_good", target=site, by=by, data=data, now=now)
    return replaced


def _end_openings(site: Site, *, on: date) -> None:
    """Those that run stop today; those still to begin never do."""
    running = OpeningRule.objects.filter(Q(last_on__isnull=True) | Q(last_on__gt=on), site=site)
    running.filter(first_on__gt=on).delete()
    running.update(last_on=on)


@transaction.atomic
def move_adviser(
    *, adviser: Adviser, site: Site, seen: Seen | None = None, by: User, now: datetime
) -> Adviser:
    """Attach an adviser to another place of the operator; openings and bookings stay where they are.

    Raises SiteRefused when that place is closed or another operator's.
    """
    adviser = locked_advisers(adviser.pk)[adviser.pk]
    check_seen(seen, {"site": adviser.site.slug})
    # Shared with a closing: an adviser never joins a place that closes at this instant.
    site = locked_sites(site.pk)[site.pk]
    if site.contract.holder_id != adviser.site.contract.holder_id:
        raise SiteRefused("Ce lieu n’est pas de votre organisme.")
    _check_open(site)
    adviser.site = site
    adviser.save(update_fields=["site"])
    record(action="operators.adviser.moved", target=adviser, by=by, data={"site": site.pk}, now=now)
    return adviser


def _check_open(site: Site) -> None:
    if not site.is_open:
        raise SiteRefused("Ce lieu est fermé pour de bon.")
