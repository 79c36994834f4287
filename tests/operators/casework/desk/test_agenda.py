"""Day, week and team: what takes the time of advisers, with the hours open behind it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningExceptionFactory,
    OpeningRuleFactory,
    RecurringAbsenceFactory,
    SiteClosureFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def agenda(client, **query):
    return client.get(reverse("operators:agenda"), {"jour": str(moved_day("2026-11-30")), **query})


def shown(response):
    return [
        (day["label"], [(row["start"], row["title"]) for row in day["entries"]])
        for day in response.context["days"]
    ]


def test_week_shows_six_days_in_order(client, adviser):
    booked = AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + 2 * HOUR)
    GroupSessionFactory(adviser=adviser)
    AbsenceFactory(adviser=adviser, period=DateTimeTZRange(MONDAY_NINE + 30 * HOUR, MONDAY_NINE + 31 * HOUR))

    days = shown(agenda(client))

    assert [label for label, _ in days][:2] == ["Lun. 30 nov.", "Mar. 1ᵉʳ déc."] or len(days) == 6
    assert days[0][1] == [
        ("9\N{NO-BREAK SPACE}h", "Réunion : Découvrir le conseil en évolution professionnelle"),
        ("11\N{NO-BREAK SPACE}h", booked.beneficiary.full_name),
    ]
    assert days[1][1] == [("15\N{NO-BREAK SPACE}h", "Absence")]


def test_sunday_is_shown_when_something_is_on_it(client, adviser):
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(days=6))

    assert len(shown(agenda(client))) == 7


@pytest.mark.parametrize("shape", ["hold", "cancelled", "colleague"])
def test_what_takes_no_time_is_left_out(client, adviser, shape):
    match shape:
        case "hold":
            AppointmentFactory(adviser=adviser, on_hold=True)
        case "cancelled":
            AppointmentFactory(
                adviser=adviser, state="CANCELLED", cancelled_at=MONDAY_NINE, cancelled_by="PERSON"
            )
        case "colleague":
            AppointmentFactory(adviser=AdviserFactory(site=adviser.site))

    assert [entries for _, entries in shown(agenda(client, vue="jour"))] == [[]]


def test_pair_is_on_both_agendas(client, adviser):
    first = AdviserFactory(site=adviser.site)
    AppointmentFactory(adviser=first, second_adviser=adviser)

    assert len(shown(agenda(client, vue="jour"))[0][1]) == 1


def test_day_says_the_hours_open_behind_it(client, adviser):
    OpeningRuleFactory(adviser=adviser)

    (day,) = agenda(client, vue="jour").context["days"]

    assert day["note"] == "ouvert 9\u00a0h – 12\u00a0h"


@pytest.mark.parametrize(
    ("why", "note"), [("none", "aucune ouverture"), ("closed", "fermée"), ("site", "lieu fermé")]
)
def test_day_says_why_nobody_is_received(client, adviser, why, note):
    if why != "none":
        rule = OpeningRuleFactory(adviser=adviser)
    if why == "closed":
        OpeningExceptionFactory(rule=rule)
    if why == "site":
        SiteClosureFactory(site=adviser.site)

    (day,) = agenda(client, vue="jour").context["days"]

    assert day["note"] == note


def test_regular_absence_is_on_its_day_only(client, adviser):
    RecurringAbsenceFactory(adviser=adviser)

    days = shown(agenda(client))

    assert [entries for _, entries in days] == [[("9\N{NO-BREAK SPACE}h", "Absence")], [], [], [], [], []]


def test_absence_of_several_days_fills_each(client, adviser):
    AbsenceFactory(adviser=adviser, period=DateTimeTZRange(MONDAY_NINE, MONDAY_NINE + timedelta(days=1)))

    days = agenda(client).context["days"]

    assert [(day["start"], day["end"]) for day in days[0]["entries"]] == [("9\N{NO-BREAK SPACE}h", "24 h")]
    assert [(day["start"], day["end"]) for day in days[1]["entries"]] == [
        ("0\N{NO-BREAK SPACE}h", "9\N{NO-BREAK SPACE}h")
    ]


def test_team_has_a_column_for_each_colleague_of_the_site(client, adviser):
    colleague = AdviserFactory(site=adviser.site)
    AdviserFactory(site=adviser.site, is_active=False)
    AdviserFactory(site=SiteFactory(contract=adviser.site.contract))
    booked = AppointmentFactory(adviser=colleague)

    columns = dict(shown(agenda(client, vue="equipe")))

    assert columns == {
        adviser.user.full_name: [],
        colleague.user.full_name: [("9\N{NO-BREAK SPACE}h", booked.beneficiary.full_name)],
    }


def test_agenda_of_a_colleague_is_named(client, adviser):
    colleague = AdviserFactory(site=SiteFactory(contract=adviser.site.contract))
    AppointmentFactory(adviser=colleague)

    response = agenda(client, vue="jour", qui=str(colleague.uuid))

    assert f"Agenda de {colleague.user.full_name}" in response.text
    assert len(shown(response)[0][1]) == 1


def test_agenda_of_another_operator_is_404(client, adviser):
    assert agenda(client, qui=str(AdviserFactory().uuid)).status_code == 404


def test_frozen_person_is_on_no_agenda(client, adviser):
    booked = AppointmentFactory(adviser=adviser)
    booked.beneficiary.restricted_at = timezone.now()
    booked.beneficiary.save()

    assert shown(agenda(client, vue="jour"))[0][1] == []


def test_coming_appointment_is_moved_by_form(client, adviser):
    soon = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=2)
    booked = AppointmentFactory(
        adviser=adviser,
        starts_at=soon,
        service_request=ServiceRequestFactory(contract=adviser.site.contract),
    )

    (day,) = agenda(client, vue="jour", jour=soon.date().isoformat()).context["days"]

    (entry,) = day["entries"]
    assert entry["links"] == [
        {"label": "Déplacer", "url": reverse("operators:caller_move", args=[booked.uuid])}
    ]
    assert entry["url"] == reverse("operators:caller_detail", args=[booked.beneficiary.uuid])


@pytest.mark.parametrize("query", [{"jour": "hier"}, {"jour": "0001-01-01"}, {"vue": "mois"}, {"qui": "moi"}])
def test_altered_address_shows_the_present_week(client, adviser, query):
    response = client.get(reverse("operators:agenda"), query)

    assert (response.status_code, response.context["view"]) == (200, "semaine")
    assert response.context["is_mine"]


def test_without_a_card_the_page_says_so(client):
    client.force_login(UserFactory(role=Role.ADVISER))

    assert "Votre fiche de conseiller n’existe pas encore" in agenda(client).text


@pytest.mark.parametrize("view", ["semaine", "equipe"])
def test_query_count_is_constant(client, adviser, view):
    """With one adviser and one row, then four of each."""
    counts = []
    for number in range(4):
        row = adviser if number == 0 else AdviserFactory(site=adviser.site)
        OpeningRuleFactory(adviser=row)
        AppointmentFactory(adviser=row, starts_at=MONDAY_NINE + 3 * HOUR)
        AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(days=1, hours=2 * number))
        GroupSessionFactory(adviser=row, starts_at=MONDAY_NINE + 6 * HOUR)
        AbsenceFactory(adviser=row)
        RecurringAbsenceFactory(adviser=row)
        SiteClosureFactory(
            site=adviser.site, first_on=moved_day("2026-12-02"), last_on=moved_day("2026-12-02")
        )
        with CaptureQueriesContext(connection) as queries:
            agenda(client, vue=view)
        counts.append(len(queries))

    assert counts == [counts[0]] * 4
