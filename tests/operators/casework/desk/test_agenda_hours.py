"""The agenda as a grid: holes that lead to a booking, what may be opened, the present hour, paper."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from tests.clock import moved_day
from tests.factories.operators import (
    MONDAY_NINE,
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    RecurringAbsenceFactory,
    SiteClosureFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-11-26 10:24")]
HOUR = timedelta(hours=1)


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def day_of(client, **query):
    query = {"vue": "jour", "jour": str(moved_day("2026-11-30")), **query}
    return client.get(reverse("operators:agenda"), query)


def hours(response, kind):
    return [line["span"] for line in response.context["days"][0][kind]]


def test_free_hours_are_those_of_the_database(client, adviser):
    """Open from 9 to 12, an hour and a quarter after it: 9 h and 10 h 15."""
    OpeningRuleFactory(adviser=adviser)

    assert hours(day_of(client), "free") == [(540, 600), (615, 675)]


def test_second_of_a_pair_sees_the_hours_they_share(client, adviser):
    """Booked under the name of who opens them; what takes the time of either is no hole."""
    pair = OpeningRuleFactory(adviser__site=adviser.site, second_adviser=adviser)
    AppointmentFactory(adviser=pair.adviser, starts_at=MONDAY_NINE)
    OpeningRuleFactory(adviser__site=adviser.site)  # a colleague alone

    response = day_of(client)

    (free,) = response.context["days"][0]["free"]
    assert free["span"] == (615, 675)
    assert f"avec {pair.adviser.user.full_name}" in response.text
    assert client.get(free["url"]).context["slot"].team(pair.adviser_id) == (pair.adviser_id, adviser.pk)


@pytest.mark.parametrize("taken", ["booked", "held", "away", "regularly away", "closed"])
def test_hour_taken_is_no_hole(client, adviser, taken):
    OpeningRuleFactory(adviser=adviser)
    match taken:
        case "booked":
            AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)
        case "held":
            AppointmentFactory(
                adviser=adviser, starts_at=MONDAY_NINE, on_hold=True, hold_expires_at=MONDAY_NINE
            )
        case "away":
            AbsenceFactory(adviser=adviser, period=DateTimeTZRange(MONDAY_NINE, MONDAY_NINE + HOUR))
        case "regularly away":
            RecurringAbsenceFactory(adviser=adviser)
        case "closed":
            SiteClosureFactory(site=adviser.site)

    assert (540, 600) not in hours(day_of(client), "free")


def test_hole_leads_to_its_own_hour(client, adviser):
    OpeningRuleFactory(adviser=adviser)

    first = day_of(client).context["days"][0]["free"][0]

    assert parse_qs(urlsplit(first["url"]).query) == {
        "qui": [str(adviser.uuid)],
        "jour": [str(moved_day("2026-11-30"))],
        "heure": ["09:00"],
    }


def test_hours_out_of_the_openings_lead_to_an_opening_of_that_day(client, adviser):
    OpeningRuleFactory(adviser=adviser)

    response = day_of(client)

    assert hours(response, "closed") == [(480, 540), (720, 1140)]
    form = client.get(response.context["days"][0]["closed"][1]["url"]).context["form"]
    said = {name: str(form[name].value()) for name in ("weekday", "opens", "closes", "first_on", "last_on")}
    day = str(moved_day("2026-11-30"))
    assert said == {
        "weekday": "1",
        "opens": "12:00:00",
        "closes": "19:00:00",
        "first_on": day,
        "last_on": day,
    }


@pytest.mark.parametrize("query", [{}, {"jour": "hier", "de": "9", "a": "12:00"}])
def test_altered_hours_open_the_ordinary_form(client, adviser, query):
    form = client.get(reverse("operators:opening_add"), query).context["form"]

    assert form["opens"].value() is None


def test_nothing_is_opened_for_a_colleague_nor_on_a_day_off(client, adviser):
    colleague = AdviserFactory(site=adviser.site)
    assert "closed" not in day_of(client, qui=str(colleague.uuid)).context["days"][0]

    OpeningRuleFactory(adviser=adviser)
    SiteClosureFactory(site=adviser.site)
    assert hours(day_of(client), "closed") == []


@pytest.mark.parametrize(("hour", "size"), [(-2, "for-h12"), (12, "for-h14")])
def test_early_or_late_appointment_widens_the_grid(client, adviser, hour, size):
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + hour * HOUR)

    assert f'<div class="hours {size}">' in day_of(client).text


def test_present_hour_is_marked_on_its_day_only(client, adviser):
    shown = day_of(client, jour=str(moved_day("2026-11-26")))

    assert shown.text.count("maintenant, ") == 1
    assert "maintenant, " not in day_of(client).text


def test_absence_over_an_appointment_stands_beside_it(client, adviser):
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)
    AbsenceFactory(adviser=adviser, period=DateTimeTZRange(MONDAY_NINE, MONDAY_NINE + HOUR))

    shown = day_of(client).text

    assert (shown.count("lane-1-2"), shown.count("lane-2-2")) == (1, 1)


def test_paper_is_one_landscape_page():
    sheet = (Path(__file__).parents[4] / "static/css/portal.css").read_text()

    assert "@page hours { size: A4 landscape" in sheet
    assert "page: hours" in sheet
