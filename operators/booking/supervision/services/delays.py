from datetime import datetime

from django.db import connection, transaction

from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.supervision import rules, selectors
from operators.network.models import Site, SlotDelay
from procurement.contracts.models import Contract


def measure_delays(*, now: datetime, whatever_the_hour: bool = False) -> int:
    """Write how long one waits at every open site where it is night; returns the rows written.

    One row for each level and mode that the site offers, once a local day: a second run adds nothing, and
    a night when nothing ran stays without a row. Each contract is a transaction of its own.
    """
    contracts = list(selectors.contracts_with_sites(now=now))
    return sum(_measure(contract, now=now, always=whatever_the_hour) for contract in contracts)


@transaction.atomic
def _measure(contract: Contract, *, now: datetime, always: bool) -> int:
    with connection.cursor() as cursor:  # two workers measure a contract one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('delays', %s))", [contract.pk])
    sites = [
        site
        for site in selectors.unmeasured_sites(contract=contract, now=now)
        if always or rules.is_night(now, site.zone)
    ]
    if not sites:
        return 0
    offers = selectors.offers(sites=sites, on=min(local_day(now, site.zone) for site in sites))
    offered = set().union(*offers.values())
    rows = []
    for offer, starts in selectors.free_hours(contract=contract, offered=offered, now=now):
        concerned = (site for site in sites if offer in offers.get(site.pk, ()))
        rows += [_row(site, offer, starts.get(site.pk, []), now=now) for site in concerned]
    SlotDelay.objects.bulk_create(rows)
    record(
        action="operators.delays.measured",
        target=contract,
        by=None,
        data={"sites": len(sites), "rows": len(rows)},
        now=now,
    )
    return len(rows)


def _row(site: Site, offer: selectors.LevelMode, starts: list[datetime], *, now: datetime) -> SlotDelay:
    day = local_day(now, site.zone)
    measure = rules.measured(starts, zone=site.zone, on=day)
    first_at, second_at, third_at = _three(measure.instants)
    first_days, second_days, third_days = _three(measure.days)
    return SlotDelay(
        site=site,
        measured_on=day,
        measured_at=now,
        level=offer[0],
        mode=offer[1],
        first_at=first_at,
        second_at=second_at,
        third_at=third_at,
        first_days=first_days,
        second_days=second_days,
        third_days=third_days,
        free_count=measure.free,
        before_9_count=measure.before_9,
        lunch_count=measure.lunch,
        after_18_count=measure.after_18,
        saturday_count=measure.saturday,
    )


def _three(values: tuple) -> tuple:
    return (*values, None, None, None)[:3]
