"""A year of sessions in time order, each asked for, booked, received and logged by the portal's services."""

import itertools
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.benchmarks.timing import Row

SESSIONS_A_YEAR, PEAK, SECONDS, WORKERS = 705_000, 1.0, 60, 2
BOOKED_BEFORE = timedelta(days=10)


def year_of_sessions() -> Row:
    """Two workers share the contracts and replay as much of the year as a minute allows."""
    command = [sys.executable, "-m", "tests.benchmarks.year"]
    workers = [
        subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(WORKERS)
    ]
    done = [json.loads(worker.communicate()[0]) for worker in workers]
    assert not any(worker.returncode for worker in workers)
    pace = sum(one["sessions"] / one["seconds"] for one in done)
    total = sum(one["sessions"] for one in done)
    return Row(
        f"a year's {SESSIONS_A_YEAR:,} sessions, {total:,} replayed",
        f"{pace:.0f} sessions/s",
        f"{PEAK:.0f}/s (peak of 2023)",
        f"{pace / PEAK:.0f}x",
        "≥ 100x",
        pace >= 100 * PEAK,
    )


def _replay(number: int) -> dict:
    from operators.booking.agenda.models import Appointment, OpeningRule
    from operators.casework.pathways.models import CounsellingSession

    OpeningRule.objects.filter(last_on__isnull=False).exists()  # the first connection is not counted
    started, received, tried = time.perf_counter(), [], 0
    for order in _in_time_order(number):
        if time.perf_counter() - started > SECONDS:
            break
        tried += 1
        received += _receive(*order)
    spent = time.perf_counter() - started
    logged = CounsellingSession.objects.filter(appointment__in=received).count()
    assert logged == len(received), "a session was lost"
    assert logged > tried / 2, "most orders were refused: this measures refusals"
    assert Appointment.objects.filter(pk__in=received).exclude(state="ATTENDED").count() == 0
    return {"sessions": logged, "seconds": spent}


def _in_time_order(number: int) -> Iterator[tuple]:
    """Every adviser's openings from a year ahead on, where nothing is booked yet; earliest first."""
    from django.utils import timezone

    from beneficiaries.request.models import ServiceRequest
    from operators.booking.agenda.selectors import free_slots
    from operators.network.models import Site
    from procurement.contracts.models import Contract

    contracts = list(Contract.objects.in_force(timezone.localdate()).order_by("pk"))[number::WORKERS]
    sites = Site.objects.select_related("contract", "commune").in_bulk()
    people = {
        contract.pk: itertools.cycle(
            ServiceRequest.objects.filter(contract=contract, beneficiary__isnull=False)
            .select_related("contract", "beneficiary")
            .order_by("pk")[:20_000]
        )
        for contract in contracts
    }
    day = timezone.now() + timedelta(days=120)
    while True:
        slots = [
            (slot, sites[slot.site_id], next(people[contract.pk]))
            for contract in contracts
            for slot in free_slots(
                contract=contract, starts=day, ends=day + timedelta(days=1), now=day - BOOKED_BEFORE
            )
        ]
        yield from sorted(slots, key=lambda slot: (slot[0].starts_at, slot[0].site_id))
        day += timedelta(days=1)


def _receive(slot, site, asked) -> list[int]:
    """The appointment received, or nothing when the portal refuses it, as it must: hours of one adviser
    overlap, a person is in one place, some need a place without steps.
    """
    from cep_portal.common.errors import DomainError
    from operators.booking.agenda.services import WantedSlot, confirm_hold, hold_slot
    from operators.booking.agenda.services.holds import expire
    from operators.casework.pathways.services import SessionFacts, log_session
    from operators.network.models import Adviser

    now: datetime = slot.starts_at - BOOKED_BEFORE
    level, mode = slot.levels[0], slot.modes[0]
    try:
        held = hold_slot(
            service_request=asked,
            contract=asked.contract,
            wanted=WantedSlot(site=site, starts_at=slot.starts_at, level=level, mode=mode),
            now=now,
        )
    except DomainError:
        return []
    try:
        booked = confirm_hold(
            appointment=held, beneficiary=asked.beneficiary, idempotency_key=uuid.uuid4(), now=now
        )
    except DomainError:
        expire([held.pk])
        return []
    adviser = Adviser.objects.select_related("user").get(pk=booked.adviser_id)
    log_session(
        appointment=booked,
        attendance="ATTENDED",
        facts=SessionFacts(
            level=level,
            mode=mode,
            starts_at=booked.starts_at,
            duration_minutes=60,
            themes=["PROJECT"],
            next_step="NEXT_SESSION",
        ),
        by=adviser.user,
        now=booked.ends_at,
    )
    return [booked.pk]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_replay(int(sys.argv[1]))))  # noqa: T201 -- read by the measure
