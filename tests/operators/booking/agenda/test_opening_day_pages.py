from datetime import time

import pytest
from django.urls import reverse

from operators.booking.agenda.models import OpeningException, OpeningRule, RecurringAbsence
from tests.clock import moved_day
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    OpeningExceptionFactory,
    OpeningRuleFactory,
    RecurringAbsenceFactory,
    SiteClosureFactory,
)
from tests.factories.territories import PublicHolidayFactory
from tests.undo import press_undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
LIST = "operators:opening_day_list"


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


@pytest.fixture
def rule(adviser):
    return OpeningRuleFactory(adviser=adviser)


MONDAY = str(moved_day("2026-11-30"))


def change_url(rule, day=MONDAY):
    return reverse("operators:opening_day_change", query={"plage": rule.pk, "jour": day})


def test_days_say_what_is_ordinary_changed_and_off(client, rule):
    OpeningExceptionFactory(rule=rule)
    OpeningExceptionFactory(rule=rule, day=moved_day("2026-12-07"), opens=time(14), closes=time(16))
    SiteClosureFactory(site=rule.site, first_on=moved_day("2026-12-14"), last_on=moved_day("2026-12-15"))
    PublicHolidayFactory(department=rule.site.commune.department, day=moved_day("2026-11-23"))

    days = client.get(reverse(LIST)).context["days"]

    assert [(day.day.day, day.opens, day.why) for day in days] == [
        (23, None, "jour férié"),
        (30, None, "fermée"),
        (7, time(14), "changée"),
        (14, None, "lieu fermé"),
    ]


@pytest.mark.parametrize("count", [1, 4])
def test_day_list_keeps_its_query_count(client, django_assert_num_queries, adviser, count):
    for rule in OpeningRuleFactory.create_batch(count, adviser=adviser):
        OpeningExceptionFactory(rule=rule)

    with django_assert_num_queries(
        8
    ):  # session, user, mandate, adviser, openings, changes, holidays, closures
        page = client.get(reverse(LIST))

    assert len(page.context["days"]) == 4 * count


@pytest.mark.parametrize("first", ["", "x", "0001-01-01", "9999-12-31", str(moved_day("2026-12-21"))])
def test_any_address_shows_some_weeks(client, rule, first):
    assert client.get(reverse(LIST), {"du": first}).status_code == 200


def test_adviser_closes_a_day_then_gives_it_back(client, rule):
    closed = client.post(change_url(rule), {"acte": "fermer"})
    exception = OpeningException.objects.get()
    client.post(reverse("operators:opening_day_restore", args=[exception.uuid]))

    assert closed.headers["Location"] == reverse(LIST, query={"du": str(moved_day("2026-11-30"))})
    assert (exception.day, exception.is_closed) == (moved_day("2026-11-30"), True)
    assert OpeningException.objects.count() == 0


@pytest.mark.parametrize("hours", [{"acte": "fermer"}, {"opens": "14:00", "closes": "16:00"}])
def test_day_given_back_by_mistake_is_as_before(client, rule, hours):
    client.post(change_url(rule), hours)
    before = OpeningException.objects.get()

    given_back = client.post(reverse("operators:opening_day_restore", args=[before.uuid]), follow=True)
    press_undo(client, given_back)

    after = OpeningException.objects.get()
    assert (after.day, after.opens, after.closes) == (before.day, before.opens, before.closes)


def test_adviser_opens_a_day_at_other_hours(client, rule):
    client.post(change_url(rule), {"opens": "14:00", "closes": "16:00"})

    exception = OpeningException.objects.get()
    assert (exception.opens, exception.closes) == (time(14), time(16))


def test_form_begins_with_the_hours_of_that_day(client, rule):
    OpeningExceptionFactory(rule=rule, opens=time(14), closes=time(16))

    assert client.get(change_url(rule)).context["form"].initial == {"opens": time(14), "closes": time(16)}


@pytest.mark.parametrize("data", [{"opens": "", "closes": "x"}, {"opens": "12:00", "closes": "09:00"}])
def test_wrong_hours_change_nothing_and_say_why(client, rule, data):
    page = client.post(change_url(rule), data)

    assert page.status_code == 200
    assert OpeningException.objects.count() == 0


def test_booked_sessions_of_the_day_are_named(client, rule):
    booked = AppointmentFactory(adviser=rule.adviser)

    page = client.post(change_url(rule), {"acte": "fermer"}).content.decode()

    assert booked.beneficiary.full_name in page
    assert "Des rendez-vous sont pris à ces heures" in page


@pytest.mark.parametrize("day", ["", "x", str(moved_day("2026-12-01")), "9999-11-30"])
def test_day_that_the_opening_has_not_is_not_found(client, rule, day):
    assert client.get(change_url(rule, day)).status_code == 404


def test_address_without_a_day_leads_to_the_list(client, adviser):
    answer = client.get(reverse("operators:opening_day_change"))

    assert answer.headers["Location"] == reverse(LIST)


def test_days_of_another_adviser_are_not_found(client, adviser):
    other = OpeningExceptionFactory()

    statuses = [
        client.get(change_url(other.rule)).status_code,
        client.post(reverse("operators:opening_day_restore", args=[other.uuid])).status_code,
    ]

    assert statuses == [404, 404]


def test_pair_is_opened_with_a_colleague_and_shown_to_both(client, adviser):
    colleague = AdviserFactory(site=adviser.site)
    asked = {
        "site": adviser.site.slug,
        "weekday": 2,
        "opens": "14:00",
        "closes": "16:00",
        "every_weeks": 1,
        "first_on": str(moved_day("2026-11-24")),
        "levels": ["TWO"],
        "modes": ["ON_SITE"],
        "slot_minutes": 60,
        "buffer_minutes": 0,
        "second_adviser": str(colleague.uuid),
    }

    client.post(reverse("operators:opening_add"), asked)
    client.force_login(colleague.user)
    page = client.get(reverse("operators:opening_list"))

    assert OpeningRule.objects.get().second_adviser == colleague
    assert [one["colleague"] for one in page.context["openings"]] == [adviser]


def test_colleague_of_another_operator_is_no_choice(client, adviser):
    page = client.post(reverse("operators:opening_add"), {"second_adviser": str(AdviserFactory().uuid)})

    assert "second_adviser" in page.context["form"].errors


def test_openings_that_overlap_are_marked(client, adviser):
    OpeningRuleFactory(adviser=adviser)
    OpeningRuleFactory(adviser=adviser, opens=time(11), closes=time(14))
    OpeningRuleFactory(adviser=adviser, opens=time(14), closes=time(16))

    page = client.get(reverse("operators:opening_list"))

    assert [one["overlaps"] for one in page.context["openings"]] == [True, True, False]


def test_adviser_adds_a_regular_absence_then_takes_it_back(client, adviser):
    asked = {
        "weekday": 3,
        "every_weeks": 1,
        "starts": "12:00",
        "ends": "18:00",
        "first_on": str(moved_day("2026-11-25")),
    }

    client.post(reverse("operators:recurring_absence_add"), asked)
    absence = RecurringAbsence.objects.get(adviser=adviser)
    page = client.get(reverse("operators:absence_list")).content.decode()
    removed = client.post(reverse("operators:recurring_absence_remove", args=[absence.uuid]), follow=True)
    left = RecurringAbsence.objects.count()
    press_undo(client, removed)

    assert "Mercredi" in page
    assert left == 0
    laid = RecurringAbsence.objects.get()
    assert [getattr(laid, name) for name in asked] == [getattr(absence, name) for name in asked]


def test_regular_absence_of_another_adviser_is_not_found(client, adviser):
    other = RecurringAbsenceFactory()

    answer = client.post(reverse("operators:recurring_absence_remove", args=[other.uuid]))

    assert answer.status_code == 404
