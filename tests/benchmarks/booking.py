"""Bookings over HTTP on distinct slots, beside the one-transaction floor on the same server."""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from beneficiaries.request.models import ServiceRequest
from operators.agenda.models import Appointment
from operators.agenda.selectors import free_slots
from procurement.contracts.models import Contract
from tests.benchmarks.timing import Row

CLIENTS, BOOKINGS, PORT = 8, 1200, 8971
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def bookings_per_second() -> Row:
    orders = _orders()
    _floor_tables(BOOKINGS)
    before = Appointment.objects.filter(state="BOOKED").count()
    with _server():
        floor = _rate([(f"/floor/one-transaction/{place % BOOKINGS}/", "") for place in range(BOOKINGS * 2)])
        booked = _rate([("/bench/book/", urlencode(order)) for order in orders])
        floor = max(floor, _rate([(f"/floor/one-transaction/{n}/", "") for n in range(BOOKINGS)]))
    made = Appointment.objects.filter(state="BOOKED").count() - before
    assert made == len(orders), f"{made} bookings for {len(orders)} distinct slots"
    ratio = booked / floor
    return Row(
        f"bookings over HTTP, {len(orders)} distinct slots",
        f"{booked:.0f}/s",
        f"{floor:.0f}/s (one transaction)",
        f"{ratio:.2f}",
        "≥ 0.15",
        ratio >= 0.15,
    )


def _orders() -> list[dict]:
    """One request and one distinct slot each; the person is a past one without a booking to come."""
    now, orders = timezone.now(), []
    busy = Appointment.objects.filter(state="BOOKED").values("beneficiary")
    for contract in Contract.objects.in_force(now.date()).filter(lot__kind="REGIONAL").order_by("pk"):
        wanted = BOOKINGS - len(orders)
        slots = free_slots(
            contract=contract, starts=now + timedelta(days=20), ends=now + timedelta(days=34), now=now
        )
        people = ServiceRequest.objects.filter(contract=contract).exclude(beneficiary__in=busy)
        references = people.order_by("pk").values_list("reference", flat=True)[: min(wanted, len(slots))]
        orders += [
            {"reference": reference, "site": slot.site_id, "starts_at": slot.starts_at.isoformat()}
            for reference, slot in zip(references, slots, strict=False)
        ]
        if len(orders) >= BOOKINGS:
            break
    return orders


def _floor_tables(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row, bench_log")
        cursor.execute("CREATE TABLE bench_row (id int PRIMARY KEY, hits int NOT NULL DEFAULT 0)")
        cursor.execute("CREATE TABLE bench_log (id bigserial PRIMARY KEY, row_id int, at timestamptz)")
        cursor.execute("INSERT INTO bench_row SELECT generate_series(0, %s)", [rows * 2])


@contextmanager
def _server() -> Iterator[None]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += [
        "--port",
        str(PORT),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "error",
    ]
    environment = os.environ | {"PORTAL_DATABASE_POOL": "1"}
    server = subprocess.Popen([*command, "cep_portal.wsgi:application"], env=environment)
    try:
        _wait_for("/sante/")
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(path: str) -> None:
    for _ in range(200):
        try:
            if _call(http.client.HTTPConnection("127.0.0.1", PORT), "GET", path, "") == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the benched server did not start")


def _call(line: http.client.HTTPConnection, method: str, path: str, body: str) -> int:
    line.request(method, path, body, FORM)
    answer = line.getresponse()
    answer.read()
    return answer.status


def _rate(posts: list[tuple[str, str]]) -> float:
    """Answers per second with eight clients, each on one kept connection; every answer must be 200."""
    remaining, failures = iter(posts), []
    lock = threading.Lock()

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT)
        while True:
            with lock:
                post = next(remaining, None)
            if post is None:
                return
            status = _call(line, "POST", *post)
            if status != 200:
                failures.append(status)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"{len(failures)} answers were not 200: {sorted(set(failures))}"
    return len(posts) / (time.perf_counter() - started)
