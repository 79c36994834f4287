"""kill -9 under load: no acknowledged booking is lost, none is double."""

import http.client
import json
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cep_portal.local import processes
from tests.journeys.chaos import Portal

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENTS, PATIENCE = 6, 90.0


@pytest.fixture
def portal():
    with tempfile.TemporaryDirectory(prefix="portal-chaos-") as folder:
        Path(folder).chmod(0o755)
        portal = Portal(Path(folder))
        yield portal
        portal.stop()


def book(port: int, order: dict) -> tuple[int, dict]:
    """Send an order until the portal answers for good: a broken line or a 5xx says nothing, so ask again."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        try:
            line.request("POST", "/bench/book/", urlencode(order), FORM)
            answer = line.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
            continue
        finally:
            line.close()
        if answer.status in (200, 409):
            return answer.status, json.loads(body)
        time.sleep(0.1)
    raise AssertionError("the portal never answered for good")


def test_kill_of_every_part_under_load_loses_and_doubles_no_booking(portal):
    answers: list[tuple[int, dict]] = []
    remaining, gate = iter(portal.orders), threading.Lock()

    def client() -> None:
        while True:
            with gate:
                order = next(remaining, None)
            if order is None:
                return
            answer = book(portal.port, order)
            with gate:
                answers.append(answer)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for accident in (
        portal.kill_postgres,
        lambda: portal.kill(portal.worker),
        lambda: portal.kill(portal.web),
        portal.kill_postgres,
    ):
        answered = len(answers)
        processes.wait_until(lambda seen=answered: len(answers) >= seen + 25, seconds=PATIENCE)
        accident()
    for thread in clients:
        thread.join()

    outcomes = Counter(status for status, _ in answers)
    acknowledged = {body["booked"] for status, body in answers if status == 200}
    booked = {
        str(row[0]) for row in portal.sql("SELECT uuid FROM operators_appointment WHERE state = 'BOOKED'")
    }
    assert len(answers) == len(portal.orders)
    assert len(acknowledged) == outcomes[200]
    assert booked == acknowledged
    places = portal.sql(
        "SELECT count(*), count(DISTINCT (adviser_id, period)), count(DISTINCT beneficiary_id)"
        " FROM operators_appointment WHERE state = 'BOOKED'"
    )
    assert places == [(len(booked),) * 3]
    told = "SELECT count(*) FROM messaging_message WHERE key LIKE 'appointment-booked-%' AND state = 'SENT'"
    all_told = processes.wait_until(lambda: portal.sql(told) == [(len(booked),)], seconds=PATIENCE, pause=0.5)
    assert all_told, portal.sql("SELECT state, count(*) FROM messaging_message GROUP BY state")
