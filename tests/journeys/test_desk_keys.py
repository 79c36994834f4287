"""The keys of the desks in a real Chromium: never in a field, off at will (WCAG 2.1.4)."""

import pytest
from django.urls import reverse

from tests.factories.operators import AdviserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.id"
SEARCH = "recherche-rapide"


@pytest.fixture
def open_desk(live_server, chromium, client):
    """The agenda of an adviser, at a width; each in a browser of its own."""
    client.force_login(AdviserFactory().user)
    contexts = []

    def open_page(*, width=1280):
        context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
        contexts.append(context)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(reverse("operators:agenda"))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_slash_opens_the_search_and_is_a_sign_in_a_field(open_desk, width):
    page = open_desk(width=width)

    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == SEARCH
    page.keyboard.type("a/t?n")

    assert page.input_value(f"#{SEARCH}") == "a/t?n"
    assert page.url.endswith(reverse("operators:agenda"))


@pytest.mark.parametrize(("key", "name"), [("t", "operators:today"), ("n", "operators:call_start")])
def test_a_key_leads_to_the_work(open_desk, key, name):
    page = open_desk()

    with page.expect_navigation():
        page.keyboard.press(key)

    assert page.url.endswith(reverse(name))


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_of_the_browser_stay_its_own(open_desk, modifier):
    page = open_desk()

    page.keyboard.press(f"{modifier}+/")

    assert page.evaluate(FOCUSED) != SEARCH


def test_keys_are_listed_and_turned_off_on_the_page_of_help(open_desk):
    page = open_desk()
    with page.expect_navigation():
        page.keyboard.press("?")
    assert page.locator("#touches").is_visible()

    page.get_by_label("Utiliser ces touches sur cet appareil").uncheck()
    page.goto(reverse("operators:agenda"))
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) != SEARCH

    page.goto(reverse("common:help"))
    page.get_by_label("Utiliser ces touches sur cet appareil").check()
    page.goto(reverse("operators:agenda"))
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == SEARCH


def test_public_pages_have_no_key(open_desk):
    page = open_desk()
    page.goto(reverse("beneficiaries:home"))

    page.keyboard.press("n")

    assert page.url.endswith(reverse("beneficiaries:home"))
