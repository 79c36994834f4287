from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Case, Max, Min, QuerySet, Value, When

from cep_portal.accounts.models import Organisation, User
from cep_portal.common.days import local_day
from cep_portal.territories.models import Commune
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.models import DataDelivery, RefusedLine
from operators.exchange.deliveries.rules import SupplyClock
from operators.exchange.deliveries.rules.columns import NAMES, REFUSAL
from operators.exchange.deliveries.rules.line_checks import Covering, Known, KnownSite
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract
from procurement.contracts.selectors import RECEIVING_KINDS
from procurement.tender.enums import LotKind
from procurement.tender.models import LotRegion

RECENT = timedelta(days=90)  # gaps are counted over these days


def known_to(*, organisation_id: int, now: datetime) -> Known:
    """What the lines of an operator may name; five queries whatever the file."""
    known = Known(sites={}, advisers={}, communes={}, covering={}, now=now)
    for site in own_sites(organisation_id=organisation_id):
        known_site = KnownSite(
            pk=site.pk,
            zone=known.zone(site.zone),
            contract_id=site.contract_id,
            starts_on=site.contract.starts_on,
            ends_on=site.contract.ends_on,
            region=site.commune.department.region_id,
        )
        known.sites[site.slug] = known.sites[str(site.uuid)] = known_site
    for adviser in own_advisers(organisation_id=organisation_id):
        known.advisers[str(adviser.uuid)] = adviser.pk
        known.advisers[adviser.user.email.lower()] = adviser.pk
    communes = Commune.objects.order_by().values_list("code", "department__region", "department__zone")
    known.communes = {code: (region, zone) for code, region, zone in communes.iterator()}
    for region, covering in _covering(organisation_id):
        known.covering.setdefault(region, []).append(covering)
    return known


def _covering(organisation_id: int) -> Iterator[tuple[str, Covering]]:
    """As procurement.contracts.selectors.contract_in_force, for every region and day at once."""
    backup_last = Case(When(kind=LotKind.REGIONAL, then=Value(0)), default=Value(1))
    lot_regions = (
        LotRegion.objects.filter(kind__in=RECEIVING_KINDS, lot__contracts__isnull=False)
        .order_by(backup_last, "-lot__contracts__starts_on", "lot__contracts")
        .values_list(
            "region",
            "lot__contracts",
            "lot__contracts__holder",
            "lot__contracts__starts_on",
            "lot__contracts__ends_on",
        )
    )
    for region, contract_id, holder_id, starts_on, ends_on in lot_regions:
        yield region, Covering(contract_id, holder_id == organisation_id, starts_on, ends_on)


def own_sites(*, organisation_id: int) -> QuerySet[Site]:
    sites = Site.objects.filter(contract__holder=organisation_id)
    return sites.select_related("contract", "commune__department").order_by("name", "pk")


def own_advisers(*, organisation_id: int) -> QuerySet[Adviser]:
    """All of them: facts of who left are still sent."""
    advisers = Adviser.objects.filter(site__contract__holder=organisation_id)
    return advisers.select_related("user", "site").order_by("user__last_name", "pk")


def delivery_list(*, user: User) -> QuerySet[DataDelivery]:
    deliveries = DataDelivery.objects.visible_to(user).select_related("sent_by")
    return deliveries.order_by("-sent_at", "-pk")


def deliveries_of(*, organisation_id: int) -> QuerySet[DataDelivery]:
    """For the operator's own software, which is nobody's account."""
    return DataDelivery.objects.filter(organisation=organisation_id).order_by("-sent_at", "-pk")


def refused_lines(*, delivery: DataDelivery) -> QuerySet[RefusedLine]:
    return delivery.refused_lines.order_by("number", "pk")


def refused_table(*, delivery: DataDelivery) -> Iterator[list[str]]:
    """The lines to mend in the format they came in, with what to mend in an added column; heading first."""
    yield [*NAMES, REFUSAL]
    for line in refused_lines(delivery=delivery).iterator(chunk_size=2_000):
        told = " ".join(
            f"{problem['field']} : {problem['what']} {problem['how']}" for problem in line.problems
        )
        yield [*line.cells, told]


def progress_of(delivery: DataDelivery) -> dict:
    """What is being done, and how far; the worker tells it as it goes."""
    return cache.get(f"delivery:{delivery.uuid}") or {"step": "en attente", "percent": 0}


@dataclass(frozen=True)
class Supply:
    """What came from one operator: its legal clock, its last delivery, what its lines lack."""

    organisation: Organisation
    clock: SupplyClock
    last_delivery: datetime | None
    last_typed: datetime | None
    taken: int
    refused: int
    gaps: list[tuple[str, int]]

    @property
    def refused_percent(self) -> int | None:
        total = self.taken + self.refused
        return 100 * self.refused // total if total else None


def supplies(*, now: datetime, organisation_id: int | None = None) -> list[Supply]:
    """Every operator with a contract in force, or one: the longest silence first; four queries.

    Data is what was delivered and what was typed in the portal alike: an operator that types in the portal
    owes no file. Without any, the clock runs from the first day of its oldest contract in force.
    """
    on = local_day(now)
    contracts = Contract.objects.in_force(on)
    if organisation_id is not None:
        contracts = contracts.filter(holder=organisation_id)
    starts = dict(contracts.order_by().values_list("holder").annotate(first=Min("starts_on")))
    holders = Organisation.objects.filter(pk__in=starts).order_by("name", "pk")
    delivered = _last_deliveries(list(starts))
    typed = dict(
        CounsellingSession.objects.filter(site__contract__holder__in=starts)
        .order_by()
        .values_list("site__contract__holder")
        .annotate(last=Max("recorded_at"))
    )
    counts = _recent_counts(list(starts), since=now - RECENT)
    found = []
    for holder in holders:
        last, by_hand = delivered.get(holder.pk), typed.get(holder.pk)
        days = [local_day(one) for one in (last, by_hand) if one]
        clock = SupplyClock(since_on=max([starts[holder.pk], *days]), on=on)
        taken, refused, gaps = counts.get(holder.pk, (0, 0, Counter()))
        found.append(Supply(holder, clock, last, by_hand, taken, refused, gaps.most_common(5)))
    return sorted(found, key=lambda supply: (supply.clock.since_on, supply.organisation.name))


def _last_deliveries(holders: list[int]) -> dict[int, datetime]:
    taken = DataDelivery.objects.taken().filter(organisation__in=holders)
    return dict(taken.order_by().values_list("organisation").annotate(last=Max("sent_at")))


def _recent_counts(holders: list[int], *, since: datetime) -> dict[int, tuple[int, int, Counter]]:
    """Lines taken and refused, and how often each field was refused or left empty, lately."""
    found: dict[int, tuple[int, int, Counter]] = {}
    recent = DataDelivery.objects.filter(organisation__in=holders, is_trial=False, sent_at__gte=since)
    for delivery in recent.order_by("pk"):
        taken, refused, gaps = found.get(delivery.organisation_id, (0, 0, Counter()))
        gaps.update(delivery.refused_fields)
        gaps.update(delivery.empty_fields)
        found[delivery.organisation_id] = (
            taken + delivery.taken_count,
            refused + delivery.refused_count,
            gaps,
        )
    return found


def places_table(*, organisation_id: int) -> Iterator[list[str]]:
    """The identifiers that a file may use for sites and advisers; heading first."""
    yield ["nature", "identifiant", "autre_identifiant", "nom"]
    for site in own_sites(organisation_id=organisation_id):
        yield ["lieu", site.slug, str(site.uuid), site.name]
    for adviser in own_advisers(organisation_id=organisation_id):
        user = adviser.user
        yield ["conseiller", user.email, str(adviser.uuid), f"{user.first_name} {user.last_name}"]
