import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Absence, OpeningRule
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.operators import AbsenceFactory, AdviserFactory, AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import at
from tests.undo import offered, press_undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
PAGES = ["opening_list", "opening_add", "absence_list"]


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


FIRST, LAST = str(moved_day("2026-12-10")), str(moved_day("2026-12-12"))


def absence(first=FIRST, last=LAST, **hours):
    return {"first_on": first, "last_on": last, **hours}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER, Role.ANALYST])
def test_only_advisers_have_openings(client, name, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse(f"operators:{name}")).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_lists_keep_their_query_count(client, django_assert_num_queries, adviser, count):
    OpeningRuleFactory.create_batch(count, adviser=adviser)
    for number in range(count):
        AbsenceFactory(
            adviser=adviser,
            period=(at(f"2026-12-{10 + number} 00:00"), at(f"2026-12-{11 + number} 00:00")),
        )

    with django_assert_num_queries(5):  # session, user, mandate, adviser, openings
        openings = client.get(reverse("operators:opening_list"))
    with django_assert_num_queries(6):  # session, user, mandate, adviser, absences, regular ones
        absences = client.get(reverse("operators:absence_list"))

    assert (len(openings.context["openings"]), len(absences.context["absences"])) == (count, count)


def test_adviser_opens_hours_then_ends_them(client, adviser):
    asked = {
        "site": adviser.site.slug,
        "weekday": 2,
        "opens": "18:00",
        "closes": "20:00",
        "every_weeks": 2,
        "first_on": str(moved_day("2026-11-24")),
        "levels": ["ONE"],
        "modes": ["PHONE", "VIDEO"],
        "slot_minutes": 45,
        "buffer_minutes": 15,
    }

    opened = client.post(reverse("operators:opening_add"), asked)
    rule = OpeningRule.objects.get()
    ended = client.post(reverse("operators:opening_end"), {"plage": rule.pk}, follow=True)

    rule.refresh_from_db()
    assert opened.status_code == 302
    assert (rule.adviser, rule.every_weeks, rule.modes) == (adviser, 2, ["PHONE", "VIDEO"])
    assert rule.last_on == moved_day("2026-11-23")
    press_undo(client, ended)
    rule.refresh_from_db()
    assert rule.last_on is None
    late = client.post(reverse("operators:opening_end"), {"plage": rule.pk, "acte": "continuer"}, follow=True)
    assert "La fin de cette plage a changé" in late.text


def test_opening_too_short_says_why(client, adviser):
    form = client.post(
        reverse("operators:opening_add"),
        {
            "site": adviser.site.slug,
            "weekday": 2,
            "opens": "18:00",
            "closes": "18:30",
            "every_weeks": 1,
            "first_on": str(moved_day("2026-11-24")),
            "levels": ["ONE"],
            "modes": ["PHONE"],
            "slot_minutes": 60,
            "buffer_minutes": 0,
        },
    ).context["form"]

    assert form.non_field_errors() == ["Aucune séance ne tient entre ces deux heures."]


@pytest.mark.parametrize("number", ["", "x", "²", "999999"])
def test_rule_of_another_adviser_is_not_found(client, adviser, number):
    other = OpeningRuleFactory()

    assert client.post(reverse("operators:opening_end"), {"plage": other.pk}).status_code == 404
    assert client.post(reverse("operators:opening_end"), {"plage": number}).status_code == 404


@pytest.mark.parametrize(
    ("hours", "starts", "ends"),
    [
        ({}, "2026-12-10 00:00", "2026-12-13 00:00"),
        ({"first_time": "14:00", "last_time": "16:30"}, "2026-12-10 14:00", "2026-12-12 16:30"),
    ],
)
def test_absence_without_hours_takes_its_last_day_whole_rdvsp_2055(client, adviser, hours, starts, ends):
    client.post(reverse("operators:absence_list"), absence(**hours))

    laid = Absence.objects.get(adviser=adviser)
    assert (laid.period.lower, laid.period.upper) == (at(starts), at(ends))


def test_absence_over_a_booking_lists_it_and_lays_nothing(client, adviser):
    booked = AppointmentFactory(adviser=adviser, starts_at=at("2026-12-11 09:00"))

    page = client.post(reverse("operators:absence_list"), absence()).content.decode()

    assert "ven. 11 déc. 9\N{NO-BREAK SPACE}h" in page
    assert booked.beneficiary.full_name in page
    assert Absence.objects.count() == 0
    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_absence_is_taken_back_by_its_owner_only(client, adviser):
    own, other = AbsenceFactory(adviser=adviser), AbsenceFactory()

    statuses = [
        client.post(reverse("operators:absence_remove", args=[one.uuid])).status_code for one in (own, other)
    ]

    assert statuses == [302, 404]
    assert list(Absence.objects.all()) == [other]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-12-10 00:00", "2026-12-12 00:00"), ("2026-12-10 09:30", "2026-12-10 12:00")]
)
def test_absence_taken_back_by_mistake_is_laid_again_as_it_was(client, adviser, first, last):
    absence = AbsenceFactory(adviser=adviser, period=DateTimeTZRange(at(first), at(last)))

    told = client.post(reverse("operators:absence_remove", args=[absence.uuid]), follow=True)
    undone = press_undo(client, told)

    assert "ses créneaux sont de nouveau proposés" in told.text
    assert Absence.objects.get().period == absence.period
    assert offered(undone) is None


def test_absence_stays_taken_back_when_somebody_booked_meanwhile(client, adviser):
    absence = AbsenceFactory(
        adviser=adviser, period=DateTimeTZRange(at("2026-12-10 09:00"), at("2026-12-10 12:00"))
    )
    told = client.post(reverse("operators:absence_remove", args=[absence.uuid]), follow=True)
    AppointmentFactory(adviser=adviser, starts_at=at("2026-12-10 10:00"))

    refused = press_undo(client, told)

    assert refused.context["over"]
    assert Absence.objects.count() == 0
    assert offered(refused) is None


def test_absence_to_the_end_of_time_is_refused_in_words(client, adviser):
    page = client.post(reverse("operators:absence_list"), absence(last_on="9999-12-31"))

    assert list(page.context["form"].errors) == ["last_on"]


def test_adviser_without_opening_is_led_to_the_first(client, adviser):
    page = client.get(reverse("operators:opening_list")).text

    assert page.count(f'href="{reverse("operators:opening_add")}"') == 2  # at the top, and where nothing is
