import os

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests.access.world import Side, build_both
from tests.journeys.looks import Walker
from tests.journeys.stack import running

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright, whose loop must not stop our own queries."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = os.environ.get("PORTAL_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def stack(transactional_db, settings):
    """A running portal on this test's database."""
    with running(settings) as portal:
        yield portal


@pytest.fixture
def visitor(chromium, stack):
    """A new person at the portal's door: `visitor(javascript=False, width=320)`."""
    contexts = []

    def enter(*, javascript: bool = True, width: int = 1280, scheme: str = "light"):
        context = chromium.new_context(
            base_url=stack.address,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="fr-FR",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def side(transactional_db) -> Side:
    here, _ = build_both()
    return here


@pytest.fixture
def walker(visitor, stack, side) -> Walker:
    return Walker(visitor, stack.address, side)


@pytest.fixture
def reference_data(transactional_db):
    call_command("load_reference", verbosity=0)
