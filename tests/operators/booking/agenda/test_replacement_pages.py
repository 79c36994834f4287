"""The pages of the absence assistant: consequences first, answers without an account, nobody forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import ReplacementState
from operators.booking.agenda.links import sign
from operators.booking.agenda.models import Absence, Appointment, Replacement
from operators.booking.agenda.presenters.slot_search import slot_value
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    ReplacementFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.acts import NINE, TEN
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
MONDAY = {"first_on": str(moved_day("2026-11-30")), "last_on": str(moved_day("2026-11-30"))}
PLAN = "operators:absence_replace"
LIST = "operators:replacement_list"


@pytest.fixture
def adviser():
    return OpeningRuleFactory().adviser


@pytest.fixture
def manager(adviser):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)


def page(appointment):
    return reverse("operators:replacement", args=[sign(appointment.uuid)])


def plan(client, user, **data):
    client.force_login(user)
    return client.post(reverse(PLAN), {**MONDAY, **data})


def test_consequences_are_shown_before_anything_is_sent(client, adviser):
    colleague = OpeningRuleFactory(adviser__site=adviser.site).adviser
    AppointmentFactory(adviser=adviser)

    shown = plan(client, adviser.user)

    assert [line["colleague"] for line in shown.context["lines"]] == [colleague]
    assert "du lun. 30 nov. 2026 au lun. 30 nov. 2026 inclus" in shown.text
    assert "prévenir 1 personne" in shown.text
    assert (Absence.objects.count(), Replacement.objects.count()) == (0, 0)


def test_dates_are_changed_without_typing_them_again(client, adviser):
    AppointmentFactory(adviser=adviser)

    shown = plan(client, adviser.user, changer="1")

    assert shown.context["form"]["first_on"].value() == str(moved_day("2026-11-30"))
    assert "is_checked" not in shown.context
    assert Absence.objects.count() == 0


def test_one_act_lays_the_absence_and_proposes(client, adviser):
    AppointmentFactory(adviser=adviser)

    done = plan(client, adviser.user, confirmer="1")

    assert done.url == reverse(LIST)
    assert (Absence.objects.count(), Replacement.objects.count()) == (1, 1)


def test_manager_lays_the_absence_of_somebody_ill(client, adviser, manager):
    AppointmentFactory(adviser=adviser)

    plan(client, manager, adviser=str(adviser.uuid), confirmer="1")

    assert Absence.objects.get().adviser == adviser


def test_manager_chooses_in_the_own_team_only(client, manager):
    stranger = AdviserFactory()

    refused = plan(client, manager, adviser=str(stranger.uuid), confirmer="1")

    assert list(refused.context["form"].errors) == ["adviser"]
    assert Absence.objects.count() == 0


def test_absence_in_the_past_is_said(client, adviser):
    refused = plan(
        client, adviser.user, first_on=str(moved_day("2026-11-16")), last_on=str(moved_day("2026-11-16"))
    )

    assert "déjà passée" in refused.text


def test_absence_without_bookings_warns_nobody(client, adviser):
    assert "Aucun rendez-vous pris" in plan(client, adviser.user).text


@pytest.mark.parametrize("bookings", [1, 4])
def test_follow_up_query_count_is_constant(client, adviser, manager, django_assert_num_queries, bookings):
    for week in range(bookings):
        ReplacementFactory(
            appointment=AppointmentFactory(adviser=adviser, starts_at=NINE + week * timedelta(days=7))
        )
    client.force_login(manager)

    with django_assert_num_queries(5):  # session, user, mandate, waiting, settled
        response = client.get(reverse(LIST))

    assert len(response.context["awaited"]) == bookings


def test_adviser_follows_the_own_ones_and_the_officer_all(client_class, adviser, manager):
    mine = ReplacementFactory(appointment=AppointmentFactory(adviser=adviser))
    theirs = ReplacementFactory(
        appointment=AppointmentFactory(adviser=AdviserFactory(site=adviser.site), starts_at=TEN)
    )
    ReplacementFactory()  # another operator's
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=adviser.site.contract.holder)

    seen = {}
    for user in (adviser.user, manager, officer):
        client = client_class()
        client.force_login(user)
        seen[user] = client.get(reverse(LIST)).context["awaited"]

    assert seen == {adviser.user: [mine], manager: [mine, theirs], officer: [mine, theirs]}


def test_call_is_due_without_an_answer_and_settled_by_a_button(client, adviser, manager):
    silent = ReplacementFactory(
        appointment=AppointmentFactory(adviser=adviser), state=ReplacementState.NO_ANSWER
    )
    client.force_login(manager)
    before = client.get(reverse(LIST)).context["to_call"]

    client.post(reverse("operators:replacement_settle", args=[silent.uuid]))

    after = client.get(reverse(LIST))
    assert (before, after.context["to_call"]) == ([silent], [])
    assert "Aucune personne à rappeler" in after.text


def test_person_keeps_the_colleague(client, adviser):
    OpeningRuleFactory(adviser__site=adviser.site)
    booked = AppointmentFactory(adviser=adviser)
    plan(client, adviser.user, confirmer="1")
    client.logout()

    shown = client.get(page(booked))
    done = client.post(page(booked), {"accepter": "1"})

    assert "Une autre personne vous reçoit" in shown.text
    assert done.status_code == 302
    assert Replacement.objects.get().state == ReplacementState.ACCEPTED


def test_person_chooses_one_of_the_slots(client, adviser):
    booked = AppointmentFactory(adviser=adviser)
    plan(client, adviser.user, confirmer="1")
    client.logout()
    shown = client.get(page(booked)).context["slots"]

    done = client.post(page(booked), {"creneau": shown[0]["value"]})

    chosen = Appointment.objects.get(moved_from=booked)
    assert done.url.startswith("/rendez-vous/")
    assert slot_value(chosen.starts_at, adviser.site.slug) == shown[0]["value"]


def test_page_shows_what_was_told_while_it_is_free(client, adviser):
    booked = AppointmentFactory(adviser=adviser)
    plan(client, adviser.user, confirmer="1")
    told = Replacement.objects.get().slots

    shown = [slot["value"] for slot in client.get(page(booked)).context["slots"]]

    assert shown == [slot_value(start, adviser.site.slug) for start in told]


def test_answered_page_leads_to_the_appointment(client):
    answered = ReplacementFactory(state=ReplacementState.DECLINED, answered_at=NOW)

    response = client.get(page(answered.appointment))

    assert response.url == reverse("operators:appointment", args=[sign(answered.appointment.uuid)])


@pytest.mark.parametrize("value", ["", "demain~site", "20261207T0900Z~ailleurs"])
def test_altered_slot_chooses_nothing(client, adviser, value):
    booked = AppointmentFactory(adviser=adviser)
    ReplacementFactory(appointment=booked)

    assert client.post(page(booked), {"creneau": value}).status_code in {200, 404}
    assert Appointment.objects.count() == 1


def test_site_of_another_operator_is_not_chosen(client, adviser):
    booked = AppointmentFactory(adviser=adviser)
    ReplacementFactory(appointment=booked)
    elsewhere = OpeningRuleFactory(adviser__site=SiteFactory()).site

    assert client.post(page(booked), {"creneau": slot_value(NINE, elsewhere.slug)}).status_code == 404
