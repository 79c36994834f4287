from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from operators.agenda.models import OpeningRule
from operators.agenda.rules import latest_start
from operators.agenda.selectors import slot_times
from operators.network.models import Site, SlotDelay
from operators.supervision.rules import local_day
from procurement.contracts.models import Contract

Offer = tuple[str, str]  # level, mode


def contracts_with_sites(*, now: datetime) -> QuerySet[Contract]:
    """The contracts in force that have an open site, by key."""
    return Contract.objects.in_force(now.date()).filter(sites__is_open=True).distinct().order_by("pk")


def unmeasured_sites(*, contract: Contract, now: datetime) -> list[Site]:
    """The open sites of a contract without a measure on their own local day; two queries."""
    sites = list(Site.objects.filter(contract=contract, is_open=True).order_by("pk"))
    days = {local_day(now, site.zone) for site in sites}
    known = SlotDelay.objects.filter(site__in=sites, measured_on__in=days)
    done = set(known.order_by().values_list("site", "measured_on").distinct())
    return [site for site in sites if (site.pk, local_day(now, site.zone)) not in done]


def offers(*, sites: Collection[Site], on: date) -> dict[int, set[Offer]]:
    """The levels and modes for which somebody opens hours at each site, on a day or later; one query."""
    openings = OpeningRule.objects.filter(
        Q(last_on__isnull=True) | Q(last_on__gte=on), site__in=sites, adviser__is_active=True
    )
    found: dict[int, set[Offer]] = {}
    for site, levels, modes in openings.order_by("pk").values_list("site", "levels", "modes"):
        found.setdefault(site, set()).update((level, mode) for level in levels for mode in modes)
    return found


def free_hours(
    *, contract: Contract, offered: Collection[Offer], now: datetime, ends: datetime | None = None
) -> Iterator[tuple[Offer, dict[int, list[datetime]]]]:
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
