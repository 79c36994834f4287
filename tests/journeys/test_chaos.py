"""kill -9 loses and doubles no booking; slow lines, no Valkey, no PostgreSQL: it keeps standing."""

import base64
import http.client
import json
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from cep_portal.local import processes
from tests.journeys.chaos import Portal
from tests.journeys.chaos_world import CROWD
from tests.journeys.lines import Visitor, frozen, line_to, post, read_answer

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENTS, PATIENCE = 6, 90.0
SLOW = 200
NO_DATA = ("/", "/aide/", "/mentions-legales/", "/accessibilite/", "/static/css/portal.css")


@pytest.fixture(scope="module")
def portal():
    """One for all: what each accident leaves is what the next one finds."""
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
    remaining, gate = iter(portal.orders[:CROWD]), threading.Lock()

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
    assert len(answers) == CROWD
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


def test_pages_answer_among_hundreds_of_slow_lines(portal):
    longest = max(Path("static").rglob("*.*"), key=lambda path: path.stat().st_size)
    visitor = Visitor(portal)
    with ExitStack() as lines:
        bodies = [line_to(portal, post("/demarrer/", 1000)) for _ in range(SLOW - 1)]
        bodies.append(line_to(portal, post("/api/v1/appointments/", 1000)))
        heads = [line_to(portal, b"GET /aide/ HTTP/1.1\r\nHos") for _ in range(SLOW)]
        reading = f"GET /{longest} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        readers = [line_to(portal, reading, window=2048) for _ in range(SLOW)]
        for line in (*bodies, *heads, *readers):
            lines.enter_context(line)

        for path in ("/sante/", "/aide/", "/demarrer/", "/sante/"):
            status, _, _ = visitor.ask(path)

            assert (status, visitor.seconds < 2) == (200, True), (path, visitor.seconds)
        status, headers, page = read_answer(bodies[0])
        assert (status, headers["connection"]) == (408, "close")
        assert "la connexion est trop lente. Rien n’a été enregistré." in page
        status, headers, problem = read_answer(bodies[-1])
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert json.loads(problem)["type"] == "urn:mon-cep:too_slow"


@pytest.mark.parametrize(
    ("path", "length", "media_type"),
    [
        ("/demarrer/", 24_000_001, "text/html; charset=utf-8"),
        ("/api/v1/deliveries/", 84_000_001, "application/problem+json"),
        ("/api/nulle-part/", 24_000_001, "application/problem+json"),
    ],
)
def test_body_too_large_is_refused_before_it_comes(portal, path, length, media_type):
    with line_to(portal, post(path, length)) as line:
        status, headers, text = read_answer(line)

    assert (status, headers["content-type"], headers["connection"]) == (413, media_type, "close")
    said = json.loads(text)["detail"] if "json" in media_type else text
    assert "Votre envoi dépasse ce que cette page accepte. Rien n’a été enregistré." in said


def test_body_larger_than_announced_memory_arrives_whole(portal):
    """Three megabytes in pieces without a length: spooled, counted, and read by the page."""
    line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)
    pieces = (b"x" * 100_000 for _ in range(30))
    line.request("POST", "/api/v1/deliveries/", pieces, {"Content-Type": "text/plain"}, encode_chunked=True)
    status, media_type = line.getresponse().status, "application/problem+json"
    line.close()

    assert (status, media_type) == (401, "application/problem+json")


def test_form_cut_short_by_its_sender_is_not_taken(portal):
    order = urlencode(portal.orders.pop()).encode()
    before = portal.sql("SELECT count(*) FROM operators_appointment")
    with line_to(portal, post("/bench/book/", len(order) + 9, order, "application/x-www-form-urlencoded")):
        pass
    time.sleep(0.3)

    assert portal.sql("SELECT count(*) FROM operators_appointment") == before


@pytest.mark.parametrize("accident", ["frozen", "killed"])
def test_people_sign_in_and_book_without_valkey_and_limits_still_count(portal, accident):
    with ExitStack() as stack:
        if accident == "frozen":
            stack.enter_context(frozen(portal.valkey))
        else:
            portal.valkey.stop()
            stack.callback(portal.valkey.start)
        visitor = Visitor(portal)

        status, _, page = visitor.sign_in()
        assert (status, "Se déconnecter" in page) == (200, True)
        booked = [visitor.ask("/bench/book/", portal.orders.pop()) for _ in range(3)]
        assert [status for status, _, _ in booked] == [200] * 3
        visitor.ask("/demarrer/")
        assert visitor.seconds < 1  # whoever came before learnt that it is away

        pages = [Visitor(portal).sign_in(f"{accident}@exemple.example")[2] for _ in range(6)]
        assert ["Trop d’essais à la suite" in page for page in pages] == [False] * 4 + [True] * 2


def test_without_postgresql_a_503_and_the_pages_that_need_no_data(portal):
    signed_in = Visitor(portal)
    signed_in.sign_in()
    cookies = {cookie.name for cookie in signed_in.cookies}
    with frozen(portal.postgres):
        for path in ("/demarrer/", "/accueil/", "/sante/"):
            status, headers, page = signed_in.ask(path)
            assert (status, headers["retry-after"], signed_in.seconds < 2) == (503, "5", True), path
            assert "momentanément indisponible" in page
        for path in NO_DATA:
            status, _, _ = signed_in.ask(path)
            assert (status, signed_in.seconds < 2) == (200, True), (path, signed_in.seconds)
        secret = base64.b64encode(f"{uuid.uuid4()}:secret".encode()).decode()
        status, headers, problem = signed_in.ask("/api/v1/token/", {}, Authorization=f"Basic {secret}")
        assert (status, headers["content-type"]) == (503, "application/problem+json")
        assert (json.loads(problem)["type"], headers["retry-after"]) == ("urn:mon-cep:unavailable", "5")

    assert processes.wait_until(lambda: signed_in.ask("/accueil/")[0] == 200, seconds=10)
    assert {cookie.name for cookie in signed_in.cookies} == cookies  # still signed in


def test_statement_under_way_is_given_up_with_its_server(portal):
    answers: list[tuple[int, float]] = []

    def book() -> None:
        visitor = Visitor(portal)
        status, _, _ = visitor.ask("/bench/book/", portal.orders.pop())
        answers.append((status, time.monotonic()))

    with psycopg.connect(portal.environment["PORTAL_DATABASE_URL"]) as line:
        line.execute("LOCK TABLE operators_appointment")
        waiting = threading.Thread(target=book)
        waiting.start()
        time.sleep(0.5)
        with frozen(portal.postgres):
            stopped = time.monotonic()
            waiting.join(5)
            ((status, answered),) = answers

    assert (status, answered - stopped < 2) == (503, True)


def test_portal_is_whole_after_a_restart_of_postgresql(portal):
    visitor = Visitor(portal)
    portal.postgres.stop()
    for _ in range(6):
        status, headers, _ = visitor.ask("/sante/")
        assert (status, headers["retry-after"], visitor.seconds < 2) == (503, "5", True)
    assert visitor.ask("/aide/")[0] == 200
    portal.postgres.start()
    returned = time.monotonic()

    assert processes.wait_until(lambda: visitor.ask("/sante/")[0] == 200, seconds=10)
    order, answers = portal.orders.pop(), []

    def books() -> bool:
        """A thread that still holds a line of before may refuse once more; nothing is booked twice."""
        answers.append(visitor.ask("/bench/book/", order))
        return answers[-1][0] == 200

    assert processes.wait_until(books, seconds=10)
    booked = json.loads(answers[-1][2])["booked"]
    told = f"SELECT 1 FROM messaging_message WHERE key LIKE 'appointment-booked-{booked}%' AND state = 'SENT'"
    assert processes.wait_until(lambda: portal.sql(told), seconds=10, pause=0.2), portal.sql(
        "SELECT key, state FROM messaging_message"
    )
    assert time.monotonic() - returned < 20
