"""Which pages each role may open, and what is wrong with a page in a look: axe, overflow, other hosts."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN
from operators.reception.partners.rules import REQUESTS_KEY
from tests.access.matrix import MATRIX
from tests.access.world import Side

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
# Pages of the browser that asked: another browser, even of the same role, is told 404.
OF_ONE_BROWSER = {"beneficiaries:attestation"}


def is_page(name: str) -> bool:
    return not name.endswith(NO_PAGE) and name not in {"desk", "territories:commune_search"}


def public_pages() -> list[str]:
    """Walked once, signed out."""
    return [name for name in sorted(MATRIX) if MATRIX[name] == PUBLIC and is_page(name)]


def desk_pages(role: str) -> list[str]:
    """What the role may open behind the sign-in."""
    return [
        name
        for name in sorted(MATRIX)
        if MATRIX[name] != PUBLIC and is_page(name) and (MATRIX[name] == SIGNED_IN or role in MATRIX[name])
    ]


class Walker:
    """Opens pages as a role in one look, and tells what is wrong with each."""

    def __init__(self, visitor: Callable, address: str, side: Side) -> None:
        self.visitor, self.address, self.side = visitor, address, side

    def faults(self, role: str | None, names: Iterable[str], width: int, scheme: str) -> list[str]:
        page = self.visitor(width=width, scheme=scheme)
        if role is not None:
            self._sign_in(page, role)
        wrong: list[str] = []
        page.on("request", lambda request: self._check_host(request.url, wrong))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
        for name in names:
            wrong += self._faults(page, name)
        return wrong

    def _sign_in(self, page, role: str) -> None:
        client = Client()
        client.force_login(self.side.people[role])
        if role == Role.PARTNER:  # their browser began the request: the pages up to the code are walked too
            session = client.session
            session[REQUESTS_KEY] = [self.side.kwargs["operators:partner_slots"]["reference"]]
            session.save()
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])

    def _check_host(self, url: str, wrong: list[str]) -> None:
        if urlsplit(url).scheme in {"http", "https"} and not url.startswith(self.address):
            wrong.append(f"a page asked {url}")

    def _faults(self, page, name: str) -> list[str]:
        path = reverse(name, kwargs=self.side.kwargs.get(name, {}))
        if not is_shown(page, path):
            return []
        answer = page.goto(path)
        if answer.status == 404 and name in OF_ONE_BROWSER:
            return []
        faults = [] if answer.ok else [f"{name} answered {answer.status}"]
        violations = Axe().run(page).response["violations"]
        faults += [f"{name}: {violation['id']} {violation['nodes'][0]['target']}" for violation in violations]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{name}: wider than the screen")
        return faults


def is_shown(page, path: str) -> bool:
    """Not what answers a form only, nor a file to keep."""
    answer = page.request.get(path)
    return answer.status != 405 and "attachment" not in answer.headers.get("content-disposition", "")
