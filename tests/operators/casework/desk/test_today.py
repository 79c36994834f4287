"""The adviser's day is derived from facts: what each appointment needs, and what waits beside it."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.common.to_do import SHOWN, TO_DOS, Reading
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import CallBackFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
    ReplacementFactory,
)
from tests.undo import press_undo

pytestmark = pytest.mark.django_db
DAY = f"?jour={moved_day('2026-11-30')}"


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def today(client, day=""):
    return client.get(reverse("operators:today") + day)


def tasks(slug, adviser):
    """What a source of « À faire » says to an adviser."""
    adviser.user.mandate = adviser.user.mandates.get()
    (source,) = [source for source in TO_DOS if source.slug == slug]
    return source.tasks(Reading(adviser.user, Role.ADVISER, timezone.now()))


def asked(adviser, **facts):
    return ServiceRequestFactory(contract=adviser.site.contract, **facts)


def test_day_names_the_access_needs_of_the_appointment_too(client, adviser):
    """What is added when booking is prepared as what was asked at first."""
    appointment = AppointmentFactory(adviser=adviser, access_needs=["SIGN_LANGUAGE", "STEP_FREE"])
    PathwayFactory(adviser=adviser, beneficiary=appointment.beneficiary)
    appointment.service_request = asked(adviser, access_needs=["STEP_FREE"])
    appointment.save()

    entry = today(client, DAY).context["days"][0]["entries"][0]

    assert entry["detail"].endswith("à prévoir\u00a0: Accès sans marche, Langue des signes")


def test_day_opens_the_video_and_dials_the_number(client, adviser):
    person = BeneficiaryFactory(phone="06 39 98 00 00")
    room = "https://visio.example/salle"
    soon = timezone.localtime().replace(hour=9, minute=0) + timedelta(days=2)
    AppointmentFactory(adviser=adviser, starts_at=soon, mode="VIDEO", video_url=room)
    AppointmentFactory(adviser=adviser, starts_at=soon + timedelta(hours=2), mode="PHONE", beneficiary=person)

    entries = today(client, f"?jour={soon.date()}").context["days"][0]["entries"]

    assert [entry["links"] for entry in entries] == [
        [{"label": "Rejoindre la visio", "url": room}],
        [{"label": "Appeler", "url": "tel:+33639980000"}],
    ]


def test_day_past_offers_no_way_in(client, adviser):
    AppointmentFactory(
        adviser=adviser,
        starts_at=MONDAY_NINE - timedelta(weeks=20),
        mode="VIDEO",
        video_url="https://v.example/a",
    )

    entries = today(client, "?jour=2026-07-13").context["days"][0]["entries"]

    assert [link["label"] for entry in entries for link in entry["links"]] == ["Saisir"]


def test_day_holds_the_meetings_in_order(client, adviser):
    """A meeting of the day stands between the appointments; a cancelled or foreign one does not."""
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(hours=3))
    meeting = GroupSessionFactory(adviser=adviser)
    GroupPlaceFactory(session=meeting)
    GroupPlaceFactory(session=meeting, cancelled=True)
    GroupSessionFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(hours=6), cancelled=True)
    GroupSessionFactory()
    second = GroupSessionFactory(second_adviser=adviser, starts_at=MONDAY_NINE + timedelta(hours=5))

    response = today(client, DAY)

    day = response.context["days"][0]
    assert [(entry["start"], entry["badge"]) for entry in day["entries"]] == [
        ("9\N{NO-BREAK SPACE}h", "réunion"),
        ("12\N{NO-BREAK SPACE}h", ""),
        ("14\N{NO-BREAK SPACE}h", "réunion"),
    ]
    assert day["entries"][0]["detail"] == f"{meeting.site.name} · 1 inscrit sur 10"
    assert day["entries"][2]["url"] == reverse("operators:group_detail", args=[second.uuid])
    assert day["label"] == "1 rendez-vous"


def test_nothing_waits_nothing_is_shown(client, adviser):
    response = today(client)

    assert response.context["to_do"].groups == []
    assert "Rien à faire pour l’instant" in response.text
    assert "#a-faire" not in response.text


def test_call_backs_of_the_contract_are_on_the_day(client, adviser):
    present = timezone.localdate()
    late = CallBackFactory(service_request=asked(adviser), promised_on=present - timedelta(days=2))
    CallBackFactory(service_request=asked(adviser), name="Camille", promised_on=present + timedelta(days=1))
    CallBackFactory(name="Autrui")

    calls = tasks("call_backs", adviser)

    assert [(task.about, task.due_on) for task in calls.first] == [
        ("Dominique", late.promised_on),
        ("Camille", present + timedelta(days=1)),
    ]
    assert calls.first[0].url == reverse("operators:call_slots", args=[late.service_request.reference])
    assert calls.first[0].note.startswith("niveau 1")
    assert (calls.count, calls.more_url) == (2, "")
    page = today(client).text
    assert 'href="tel:+33639980000"' in page
    assert page.index('href="#a-faire"') < page.index('id="a-faire"')  # what is late is said before the day


def test_requests_unanswered_are_on_the_day_oldest_first(client, adviser):
    now = timezone.now()
    old = asked(adviser, requested_at=now - timedelta(days=3), beneficiary=BeneficiaryFactory())
    recent = asked(adviser, requested_at=now, beneficiary=BeneficiaryFactory())
    asked(adviser, requested_at=now, beneficiary=None)  # nobody to call: in no queue
    ServiceRequestFactory()

    waiting = tasks("requests", adviser)

    assert [task.about for task in waiting.first] == [
        old.beneficiary.full_name,
        recent.beneficiary.full_name,
    ]
    assert waiting.first[0].note.startswith(f"{old.commune.name} · il y a 3\u00a0jours")


def test_a_long_list_says_how_many_and_where(client, adviser):
    for _ in range(SHOWN + 2):
        asked(adviser, beneficiary=BeneficiaryFactory())

    waiting = tasks("requests", adviser)

    assert (len(waiting.first), waiting.count) == (SHOWN, SHOWN + 2)
    assert waiting.more_url == reverse("operators:request_list")


def test_answers_awaited_after_an_absence_are_on_the_day(client, adviser):
    now = timezone.now()
    mine = ReplacementFactory(
        appointment__adviser=adviser, asked_at=now - timedelta(days=3), answer_by=now - timedelta(days=1)
    )
    ReplacementFactory(asked_at=now)

    awaited = tasks("replacements", adviser)

    assert [(task.about, task.due_on < timezone.localdate()) for task in awaited.first] == [
        (mine.appointment.beneficiary.full_name, True)
    ]


def test_day_query_count_is_constant(client, adviser):
    """Each subject adds its own queries to the day: as many with four rows as with one."""
    counts = {}
    for number in range(4):
        CallBackFactory(service_request=asked(adviser))
        ReplacementFactory(
            appointment__adviser=adviser, appointment__starts_at=MONDAY_NINE + timedelta(hours=2 * number)
        )
        GroupSessionFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(hours=10 + 2 * number))
        with CaptureQueriesContext(connection) as queries:
            response = today(client, DAY)
        counts[number + 1] = len(queries)

    assert response.context["to_do"].count == 12  # a call, its request and an answer, four times
    assert counts[4] == counts[1]


def test_first_screen_of_an_officer_names_the_calls(client):
    officer = UserFactory(role=Role.INTAKE_OFFICER)
    client.force_login(officer)
    CallBackFactory(service_request__contract__holder=officer.mandate.organisation)
    CallBackFactory(name="Autrui")

    response = client.get(reverse("operators:request_list"))

    assert [task.about for task in response.context["calls"].first] == ["Dominique"]
    assert "Autrui" not in response.text


def open_day(adviser, **hours):
    OpeningRuleFactory(
        adviser=adviser,
        weekday=1,
        **{"opens": time(14), "closes": time(17), "first_on": date(2026, 9, 7), **hours},
    )


def lines(response):
    return [line for line in response.context["days"][0]["lines"] if line["kind"] != "entry"]


@pytest.mark.at("2026-11-30 10:10")
def test_free_hole_is_booked_or_blocked_where_it_is(client, adviser):
    open_day(adviser)
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(hours=5))

    response = today(client)

    now, hole = lines(response)
    assert (now["kind"], now["title"]) == ("now", "10\u00a0h\u00a010")
    assert (hole["start"], hole["end"]) == ("15\u00a0h\u00a015", "16\u00a0h\u00a015")
    book, block = hole["hours"][0]["url"], hole["block_url"]
    assert client.get(book).status_code == 200
    form = client.get(block).context["form"]
    assert (form["first_on"].initial, form["first_time"].initial) == (date(2026, 11, 30), time(15, 15))
    assert (form["last_on"].initial, form["last_time"].initial) == (date(2026, 11, 30), time(16, 15))


@pytest.mark.at("2026-11-30 10:10")
def test_second_of_a_pair_sees_the_holes_they_share(client, adviser):
    colleague = AdviserFactory(site=adviser.site)
    open_day(colleague, second_adviser=adviser)
    open_day(AdviserFactory(site=adviser.site))

    response = today(client)

    _, hole = lines(response)
    assert (hole["start"], hole["beside"]) == ("14\u00a0h", colleague.user.full_name)
    assert f"Libre avec {colleague.user.full_name}" in response.text
    booking = client.get(hole["hours"][0]["url"])
    assert booking.context["slot"].team(colleague.pk) == (colleague.pk, adviser.pk)


def test_altered_hours_of_a_hole_pre_fill_nothing(client, adviser):
    page = client.get(reverse("operators:absence_list") + "?du=hier&de=9&a=10")

    assert page.context["form"].initial == {}


@pytest.mark.at("2026-11-30 10:10")
def test_name_opens_the_file_and_each_act_is_one_press(client, adviser):
    person = BeneficiaryFactory(phone="06 39 98 00 00")
    appointment = AppointmentFactory(adviser=adviser, beneficiary=person, starts_at=MONDAY_NINE)
    pathway = PathwayFactory(adviser=adviser, beneficiary=person)

    (entry,) = today(client).context["days"][0]["entries"]

    assert entry["url"] == reverse("operators:pathway_detail", args=[pathway.uuid])
    assert entry["links"] == [
        {"label": "Saisir", "url": reverse("operators:session_log", args=[appointment.uuid])},
        {"label": "Appeler", "url": "tel:+33639980000"},
    ]
    assert entry["no_show_url"] == reverse("operators:no_show", args=[appointment.uuid])


@pytest.mark.at("2026-11-30 10:10")
def test_no_show_is_one_press_and_taken_back_within_ten_minutes(client, adviser, clock):
    appointment = AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)
    appointment.service_request = asked(adviser, beneficiary=appointment.beneficiary, state="SCHEDULED")
    appointment.save()

    told = client.post(reverse("operators:no_show", args=[appointment.uuid]), follow=True)
    appointment.refresh_from_db()
    state = appointment.state
    clock.move_to(timezone.now() + timedelta(minutes=9))
    undone = press_undo(client, told)

    name = appointment.beneficiary.full_name
    assert f"Noté « pas venu » : {name}." in told.text
    assert reverse("operators:no_show_undo", args=[appointment.uuid]) in told.text
    assert state == "NO_SHOW"
    appointment.refresh_from_db()
    appointment.service_request.refresh_from_db()
    assert (appointment.state, appointment.service_request.state) == ("BOOKED", "SCHEDULED")
    assert "de nouveau à saisir" in undone.text
    assert "Noté « pas venu »" not in undone.text


@pytest.mark.at("2026-11-30 10:10")
def test_no_show_stands_after_ten_minutes(client, adviser, clock):
    appointment = AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)
    client.post(reverse("operators:no_show", args=[appointment.uuid]))

    clock.move_to(timezone.now() + timedelta(minutes=11))
    late = client.post(
        reverse("operators:no_show_undo", args=[appointment.uuid]), {"annule": "oui"}, follow=True
    )

    appointment.refresh_from_db()
    assert appointment.state == "NO_SHOW"
    assert "Les dix minutes sont passées" in late.text
    assert "Noté « pas venu »" not in late.text


def test_no_show_is_not_said_before_the_hour(client, adviser):
    soon = timezone.now() + timedelta(days=2)
    appointment = AppointmentFactory(adviser=adviser, starts_at=soon.replace(minute=0))

    answer = client.post(reverse("operators:no_show", args=[appointment.uuid]), follow=True)

    appointment.refresh_from_db()
    assert appointment.state == "BOOKED"
    assert "n’a pas commencé" in answer.text
