"""Bookings over HTTP: on distinct slots, on one calendar, in a burst, beside floors on the same server."""

import statistics
import uuid
from collections.abc import Collection
from datetime import time, timedelta
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import User
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.selectors import Slot, free_slots
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site
from procurement.contracts.models import Contract
from tests.benchmarks.server import Post, rate, rates_in_turn, served, waits_at
from tests.benchmarks.timing import Row, milliseconds, p95

BOOKINGS, ON_ONE_CALENDAR, BURST_SECONDS, DOCTOLIB = 1200, 600, 60, 333
FIRST_PACE = 0.85
BURST_DAYS = (20, 55)  # from today: a small data set has few free slots a week


def bookings_per_second() -> Row:
    """Eight clients, a slot each time, against a view that locks, updates and inserts one row."""
    orders = [_post(order) for order in _orders(_regional_contracts(), BOOKINGS)]
    _floor_tables(BOOKINGS)
    before = _booked()
    with served():
        floor = rate([(f"/floor/one-transaction/{place % BOOKINGS}/", "") for place in range(BOOKINGS * 2)])
        booked = rate(orders)
        floor = max(floor, rate([(f"/floor/one-transaction/{n}/", "") for n in range(BOOKINGS)]))
    assert _booked() - before == len(orders), "a booking was lost or doubled"
    ratio = booked / floor
    return Row(
        f"bookings over HTTP, {len(orders)} distinct slots",
        f"{booked:.0f}/s",
        f"{floor:.0f}/s (one transaction)",
        f"{ratio:.2f}",
        "≥ 0.12",
        ratio >= 0.12,
    )


def one_calendar() -> Row:
    """Everybody wants the same adviser, against the same clients on distinct slots, in turn."""
    adviser = _adviser_of_quarters()
    theirs = _orders([adviser.site.contract], ON_ONE_CALENDAR, adviser=adviser, days=(3, 50))
    apart = _orders(_regional_contracts(), ON_ONE_CALENDAR, days=(34, 55), but=theirs)
    one, distinct = [_post(order) for order in theirs], [_post(order) for order in apart]
    both = min(len(one), len(distinct))
    before = _booked()
    with served():
        rates = rates_in_turn(distinct[:both], one[:both], turns=6)
    assert _booked() - before == 2 * both, "a booking was lost or doubled"
    floor, booked = map(statistics.median, rates)
    ratio = booked / floor
    return Row(
        f"bookings over HTTP, {both} on one calendar",
        f"{booked:.0f}/s",
        f"{floor:.0f}/s (distinct slots)",
        f"{ratio:.2f}",
        "≥ 0.85, 0 double",
        ratio >= 0.85,
    )


def burst() -> Row:
    """The highest pace at which nineteen answers in twenty come within a second, and its share of a peak.

    Begun under what eight clients without a pause were given: at that pace itself a queue only grows. For a
    minute; half of one at least where the data has few free slots, and the name says how long.
    """
    orders = [_post(order) for order in _orders(_regional_contracts(), 14_000, days=BURST_DAYS)]
    with served():
        rate(_taken(orders, 100))  # the first answers of a server are not its pace
        pace = rate(_taken(orders, 300)) * FIRST_PACE
        while True:
            waits = waits_at(_taken(orders, int(pace * BURST_SECONDS)), per_second=pace)
            slower = pace * 0.8
            if p95(waits) < 1 or pace < 5 or len(orders) < slower * BURST_SECONDS / 2:
                break
            pace = slower
    return Row(
        f"burst of {len(waits) / pace:.0f} s, {pace:.0f} bookings/s",
        f"p95 {milliseconds(p95(waits))}",
        f"{DOCTOLIB}/s (Doctolib, 12/07/2021)",
        f"{pace / DOCTOLIB:.2f}",
        "p95 < 1 s",
        p95(waits) < 1,
    )


def _taken(orders: list[Post], most: int) -> list[Post]:
    """The first orders, no longer in the list; a slot is booked once."""
    assert orders, "no free slot is left for this pace"
    taken = orders[:most]
    del orders[:most]
    return taken


def _regional_contracts() -> list[Contract]:
    in_force = Contract.objects.in_force(timezone.localdate()).filter(lot__kind="REGIONAL")
    return list(in_force.order_by("pk"))


def _post(order: dict) -> Post:
    return "/bench/book/", urlencode(order)


def _booked() -> int:
    return Appointment.objects.filter(state="BOOKED").count()


def _orders(
    contracts: list[Contract],
    most: int,
    *,
    adviser: Adviser | None = None,
    days: tuple[int, int] = (20, 34),
    but: Collection[dict] = (),
) -> list[dict]:
    """One request and one distinct slot each; the person is a past one without a booking to come.

    Nobody of the orders in `but` comes again.
    """
    now, orders = timezone.now(), []
    used = [order["reference"] for order in but]
    first, last = days
    busy = Appointment.objects.filter(state="BOOKED").values("beneficiary")
    for contract in contracts:
        wanted = most - len(orders)
        slots = free_slots(
            contract=contract,
            starts=now + timedelta(days=first),
            ends=now + timedelta(days=last),
            now=now,
            adviser=adviser,
            level="ONE",
            mode="PHONE",
        )
        slots = _apart(slots)
        people = _who_may_be_phoned(contract).exclude(beneficiary__in=busy).exclude(reference__in=used)
        references = people.order_by("pk").values_list("reference", flat=True)[: min(wanted, len(slots))]
        orders += [
            {"reference": reference, "site": slot.site_id, "starts_at": slot.starts_at.isoformat()}
            for reference, slot in zip(references, slots, strict=False)
        ]
        if len(orders) >= most:
            break
    return orders


def _who_may_be_phoned(contract: Contract) -> QuerySet[ServiceRequest]:
    """Each of whom a booking by phone is accepted: nobody who signs, no frozen, merged nor erased file."""
    asked = ServiceRequest.objects.filter(
        contract=contract,
        beneficiary__restricted_at=None,
        beneficiary__erased_at=None,
        beneficiary__merged_into=None,
    )
    return asked.exclude(access_needs__contains=[AccessNeed.SIGN_LANGUAGE])


def _apart(slots: list[Slot]) -> list[Slot]:
    """Those that leave each other alone whoever receives: an adviser may be free at two places at once."""
    kept, free_from = [], {}
    for slot in slots:
        team = [one for one in (*slot.adviser_ids, *slot.second_ids) if one is not None]
        if all(free_from.get(one, slot.starts_at) <= slot.starts_at for one in team):
            free_from |= dict.fromkeys(team, slot.starts_at + slot.step)
            kept.append(slot)
    return kept


def _adviser_of_quarters() -> Adviser:
    """A new adviser, who opens quarters of an hour from 8:00 to 20:00 on the five working days."""
    site = Site.objects.filter(contract=_regional_contracts()[0]).order_by("pk").first()
    user = User.objects.create(email=f"calendrier-{uuid.uuid4().hex[:8]}@banc.example")
    adviser = Adviser.objects.create(user=user, site=site)
    for weekday in range(1, 6):
        OpeningRule.objects.create(
            adviser=adviser,
            site=site,
            weekday=weekday,
            opens=time(8),
            closes=time(20),
            first_on=timezone.localdate(),
            levels=list(ServiceLevel),
            modes=list(Mode),
            slot_minutes=15,
            buffer_minutes=0,
        )
    return adviser


def _floor_tables(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row, bench_log")
        cursor.execute("CREATE TABLE bench_row (id int PRIMARY KEY, hits int NOT NULL DEFAULT 0)")
        cursor.execute("CREATE TABLE bench_log (id bigserial PRIMARY KEY, row_id int, at timestamptz)")
        cursor.execute("INSERT INTO bench_row SELECT generate_series(0, %s)", [rows * 2])
