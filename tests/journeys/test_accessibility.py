"""Every page as every role: axe finds nothing, nothing overflows, nothing leaves."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN
from operators.reception.partners.rules import REQUESTS_KEY
from tests.access.matrix import MATRIX
from tests.access.world import Side, build_both
from tests.journeys.ecoindex import ecoindex, weigh

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_PAGE = (
    "_wait",
    "_csv",
    "_export",
    "_letter",
    "_download",
    "_attachment",
    "_calendar",
    "_feed",
    "_schema",
    "security_txt",
    "_status",
    "health",
)
LOOKS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
GRADE_A = 80
# Pages of the browser that asked: another one, even of the same role, finds nothing there.
OF_ONE_BROWSER = {"beneficiaries:attestation"}


def is_page(name: str) -> bool:
    return not name.endswith(NO_PAGE) and name not in {"desk", "territories:commune_search"}


def pages_of(role: str | None) -> list[str]:
    """What the role may open; the public pages are walked once, signed out."""
    if role is None:
        return [name for name in sorted(MATRIX) if MATRIX[name] == PUBLIC and is_page(name)]
    return [
        name
        for name in sorted(MATRIX)
        if MATRIX[name] != PUBLIC and is_page(name) and (MATRIX[name] == SIGNED_IN or role in MATRIX[name])
    ]


@pytest.fixture
def side(transactional_db) -> Side:
    here, _ = build_both()
    return here


@pytest.fixture
def walk(visitor, stack, side):
    """Open pages as a role in one look, and tell what is wrong with each."""

    def walker(role: str | None, names: list[str], width: int, scheme: str) -> list[str]:
        page = visitor(width=width, scheme=scheme)
        if role is not None:
            _sign_in(page, side, role, stack.address)
        wrong: list[str] = []
        page.on("request", lambda request: _check_host(request.url, stack.address, wrong))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
        for name in names:
            wrong += _faults(page, name, side)
        return wrong

    return walker


def _sign_in(page, side: Side, role: str, address: str) -> None:
    client = Client()
    client.force_login(side.people[role])
    if role == Role.PARTNER:  # their browser began the request: the pages up to the code are walked too
        session = client.session
        session[REQUESTS_KEY] = [side.kwargs["operators:partner_slots"]["reference"]]
        session.save()
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def _check_host(url: str, address: str, wrong: list[str]) -> None:
    if urlsplit(url).scheme in {"http", "https"} and not url.startswith(address):
        wrong.append(f"a page asked {url}")


def is_shown(page, path: str) -> bool:
    """Not what answers a form only, nor a file to keep."""
    answer = page.request.get(path)
    return answer.status != 405 and "attachment" not in answer.headers.get("content-disposition", "")


def _faults(page, name: str, side: Side) -> list[str]:
    path = reverse(name, kwargs=side.kwargs.get(name, {}))
    if not is_shown(page, path):
        return []
    answer = page.goto(path)
    if answer.status == 404 and name in OF_ONE_BROWSER:
        return []
    faults = [] if answer.ok else [f"{name} answered {answer.status}"]
    found = Axe().run(page).response["violations"]
    faults += [f"{name}: {one['id']} {one['nodes'][0]['target']}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{name}: wider than the screen")
    return faults


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_public_pages_in_every_look(walk, width, scheme):
    """RDV-SP 1825, 2082, 3207: grid closed to keyboard and screen readers."""
    assert walk(None, pages_of(None), width, scheme) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_desks_in_every_look(walk, side, width, scheme):
    """Each page once, by the first role that may open it."""
    seen: set[str] = set()
    wrong = []
    for role in sorted(side.people):
        names = [name for name in pages_of(role) if name not in seen]
        seen.update(names)
        wrong += walk(role, names, width, scheme)

    assert wrong == []


def test_every_page_as_every_role(walk, side):
    wrong = [fault for role in sorted(side.people) for fault in walk(role, pages_of(role), 1280, "light")]

    assert wrong == []


def test_public_pages_weigh_little(visitor, stack, side):
    grades = {}
    for name in pages_of(None):
        if name.startswith(("common:components", "messaging:")):
            continue  # of the demonstration only
        page = visitor(width=390)
        path = reverse(name, kwargs=side.kwargs.get(name, {}))
        if is_shown(page, path) and page.goto(path).ok:
            grades[name] = ecoindex(**weigh(page))

    assert {name: grade for name, grade in grades.items() if grade <= GRADE_A} == {}
    assert len(grades) > 15
