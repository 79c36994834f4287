"""The grid of hours in a real Chromium: hours aligned, a list on a phone, one landscape page of paper."""

import io

import pypdf
import pytest
from django.urls import reverse

from tests.clock import moved_day
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.at("2026-11-26 10:24"),
]
TOP = "node => Math.round(node.getBoundingClientRect().top)"


@pytest.fixture
def open_agenda(live_server, chromium, client):
    adviser = AdviserFactory()
    OpeningRuleFactory(adviser=adviser)
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)
    client.force_login(adviser.user)
    pages = []

    def open_page(*, width=1280):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        day = moved_day("2026-11-30").isoformat()
        page.goto(f"{live_server.url}{reverse('operators:agenda')}?jour={day}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


def test_each_hour_stands_at_its_height(open_agenda):
    page = open_agenda()

    nine = page.locator(".hours-margin li").nth(1).evaluate(TOP)
    assert page.locator(".hours-entry").first.evaluate(TOP) == nine
    assert page.locator(".hours-bands span").first.evaluate(TOP) == nine
    later = page.locator(".hours-free").first.evaluate(TOP)
    assert nine < later < page.locator(".hours-margin li").nth(3).evaluate(TOP)


def test_phone_has_a_list_without_overflow(open_agenda):
    page = open_agenda(width=320)

    assert not page.locator(".hours-margin").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_week_prints_on_one_landscape_page(open_agenda):
    paper = pypdf.PdfReader(io.BytesIO(open_agenda().pdf(prefer_css_page_size=True)))

    box = paper.pages[0].mediabox
    assert (len(paper.pages), box.width > box.height) == (1, True)
