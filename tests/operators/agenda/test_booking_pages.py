import re
import uuid
from datetime import time, timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import EmailCode
from beneficiaries.request.registry import next_steps
from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from operators.agenda.enums import AppointmentState
from operators.agenda.links import sign
from operators.agenda.models import Appointment
from operators.agenda.search import slot_value
from operators.network.enums import Mode
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.factories.territories import CommuneFactory
from tests.operators.agenda.clock import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
NINE = at("2026-11-30 09:00")
PERSON = {
    "first_name": "Dominique",
    "last_name": "Durand",
    "email": "dominique@exemple.example",
    "phone": "06 39 98 00 00",
}


@pytest.fixture
def site():
    return OpeningRuleFactory().site


@pytest.fixture
def service_request(site):
    return ServiceRequestFactory(contract=site.contract)


def slots_page(service_request, **query):
    return reverse("operators:slot_list", args=[service_request.reference], query=query or None)


def slots_of(response):
    return [
        (day["label"], [slot["label"].replace("\xa0", " ") for slot in day["slots"]])
        for day in response.context["days"]
    ]


def hold(client, service_request, starts_at=NINE):
    """Press the button of a slot; returns the address of the page where the person gives a name."""
    value = slot_value(starts_at, service_request.contract.sites.first().slug)
    return client.post(slots_page(service_request), {"creneau": value})


def give_name(client, service_request):
    """Hold, give contact details; returns the address of the code page and the code that was sent."""
    response = client.post(hold(client, service_request).url, PERSON)
    body = Message.objects.get(key__startswith="email-code").body
    return response.url, re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)


def book(client, service_request):
    code_page, code = give_name(client, service_request)
    return client.post(code_page, {"code": code, "key": uuid.uuid4()})


def page_of(appointment, name="appointment"):
    return reverse(f"operators:{name}", args=[sign(appointment.uuid)])


def test_empty_week_says_when_the_next_slot_is(client, service_request):
    response = client.get(slots_page(service_request, semaine="2026-11-23"))

    assert slots_of(response) == []
    assert response.context["upcoming"]["text"] == "lundi 30 novembre 2026 à 9\xa0h (heure de Paris)"
    assert client.get(slots_page(service_request) + response.context["upcoming"]["url"]).context["days"]


def test_first_visit_opens_on_the_first_week_with_a_slot(client, service_request):
    response = client.get(slots_page(service_request))

    assert response.context["week"] == "Semaine du lundi 30 novembre 2026"
    assert response.context["days"]


def test_nothing_at_all_says_so_and_gives_the_phone(client, service_request):
    page = client.get(slots_page(service_request, heures="samedi")).content.decode()

    assert "Aucun créneau dans les huit semaines" in page
    assert service_request.contract.phone in page


def test_week_lists_days_and_hours(client, service_request):
    response = client.get(slots_page(service_request, semaine="2026-12-02"))

    assert slots_of(response) == [("Lundi 30 novembre 2026", ["9 h", "10 h 15"])]
    assert "Rien ne convient" in response.content.decode()


def test_filters_keep_the_other_choices(client, service_request):
    response = client.get(slots_page(service_request, niveau="2", heures="samedi", semaine="2026-11-30"))

    links = {item["label"]: item["url"] for group in response.context["groups"] for item in group["items"]}
    assert links["Par téléphone"] == "?niveau=2&modalite=telephone&heures=samedi&semaine=2026-11-30"


@pytest.mark.parametrize(
    ("query", "day"),
    [({"semaine": "2020-01-01"}, "23"), ({"semaine": "x"}, "30"), ({"niveau": "9", "heures": "?"}, "30")],
)
def test_odd_choices_fall_back_to_what_is_offered(client, service_request, query, day):
    response = client.get(slots_page(service_request, **query))

    assert response.status_code == 200
    assert response.context["week"] == f"Semaine du lundi {day} novembre 2026"


def test_weeks_stop_at_the_horizon(client, service_request):
    response = client.get(slots_page(service_request, semaine="2030-01-01"))

    assert (response.context["week"], response.context["after"]) == (
        "Semaine du lundi 18 janvier 2027",
        None,
    )


def test_place_is_the_closest_unless_another_is_asked(client, service_request, site):
    far = SiteFactory(
        contract=site.contract,
        commune=CommuneFactory(code="29019", name="Brest", longitude=-4.5, latitude=48.4),
    )
    OpeningRuleFactory(adviser__site=far, opens=time(14), closes=time(15))
    monday = {"semaine": "2026-11-30"}

    def hours_of(**query):
        days = slots_of(client.get(slots_page(service_request, **monday, **query)))
        return days[0][1]

    assert hours_of() == ["9 h", "10 h 15"]
    assert hours_of(lieu=far.slug) == ["14 h"]
    assert hours_of(lieu="tous") == ["9 h", "10 h 15", "14 h"]
    assert hours_of(modalite="telephone") == ["9 h", "10 h 15", "14 h"]


def test_person_who_needs_no_step_sees_step_free_places_only(client, site):
    site.is_step_free = False
    site.save()
    service_request = ServiceRequestFactory(contract=site.contract, access_needs=[AccessNeed.STEP_FREE])

    assert slots_of(client.get(slots_page(service_request, semaine="2026-11-30"))) == []


def test_hours_are_local_in_la_reunion(client):
    site = OpeningRuleFactory(adviser__site=SiteFactory(reunion=True)).site
    service_request = ServiceRequestFactory(contract=site.contract, commune=site.commune)

    response = client.get(slots_page(service_request, semaine="2026-11-30"))

    assert slots_of(response) == [("Lundi 30 novembre 2026", ["9 h", "10 h 15"])]
    assert "heure de La Réunion" in response.content.decode()


@pytest.mark.parametrize("advisers", [1, 4])
def test_slot_page_query_count_is_constant(client, django_assert_num_queries, advisers):
    site = SiteFactory()
    for _ in range(advisers):
        OpeningRuleFactory(adviser__site=site)
    service_request = ServiceRequestFactory(contract=site.contract)

    with django_assert_num_queries(4):  # request, places, slots, live hold
        client.get(slots_page(service_request, semaine="2026-11-30"))


def test_unknown_reference_is_not_found(client):
    assert client.get(reverse("operators:slot_list", args=["0" * 12])).status_code == 404


@pytest.mark.parametrize("value", ["", "demain~site", "20261130T0800Z~ailleurs"])
def test_altered_slot_holds_nothing(client, service_request, value):
    response = client.post(slots_page(service_request), {"creneau": value})

    assert response.status_code == 200
    assert Appointment.objects.count() == 0


def test_hold_page_says_until_when_and_that_nothing_is_booked(client, service_request):
    response = client.get(hold(client, service_request).url)

    page = response.content.decode()
    assert "17\xa0h\xa010" in page
    assert "Pas encore réservé" in page


def test_taken_slot_offers_the_nearest(client, service_request):
    AppointmentFactory(adviser=service_request.contract.sites.get().advisers.get())

    response = hold(client, service_request)

    assert response.status_code == 409
    assert [slot["label"] for slot in response.context["nearest"]] == [
        "lundi 30 novembre 2026 à 10\xa0h\xa015 (heure de Paris)",
        "lundi 7 décembre 2026 à 9\xa0h (heure de Paris)",
        "lundi 7 décembre 2026 à 10\xa0h\xa015 (heure de Paris)",
    ]


def test_phone_session_needs_a_number(client, service_request, site):
    value = slot_value(NINE, site.slug)
    held = client.post(slots_page(service_request, modalite="telephone"), {"creneau": value})

    response = client.post(held.url, {**PERSON, "phone": ""})

    assert response.context["form"].errors == {"phone": ["Indiquez le numéro où vous appeler."]}


def test_whole_road_books_and_ends_on_the_signed_page(client, service_request):
    response = client.get(book(client, service_request).url)

    booked = Appointment.objects.get()
    assert (booked.state, booked.beneficiary.email) == ("BOOKED", PERSON["email"])
    assert response.request["PATH_INFO"] == page_of(booked, "appointment_booked")
    assert "lundi 30 novembre 2026 à 9\xa0h (heure de Paris)" in response.content.decode()


def test_wrong_code_books_nothing(client, service_request):
    code_page, code = give_name(client, service_request)

    response = client.post(code_page, {"code": "000000" if code != "000000" else "1", "key": uuid.uuid4()})

    assert list(response.context["form"].errors) == ["code"]
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD


def test_double_click_on_the_code_is_one_booking(client, service_request):
    code_page, code = give_name(client, service_request)
    answer = {"code": code, "key": uuid.uuid4()}

    first, second = client.post(code_page, answer), client.post(code_page, answer)

    assert first.url == second.url
    assert Appointment.objects.count() == 1


def test_used_code_with_another_key_does_not_book_again(client, service_request):
    code_page, code = give_name(client, service_request)
    client.post(code_page, {"code": code, "key": uuid.uuid4()})

    response = client.post(code_page, {"code": code, "key": uuid.uuid4()})

    assert response.status_code == 200
    assert Appointment.objects.count() == 1


def test_slot_lost_while_typing_the_code_offers_others_and_asks_no_second_code(client, service_request):
    code_page, code = give_name(client, service_request)
    held = Appointment.objects.get()
    Appointment.objects.filter(pk=held.pk).update(state=AppointmentState.EXPIRED)
    AppointmentFactory(adviser=held.adviser)

    refused = client.post(code_page, {"code": code, "key": uuid.uuid4()})
    again = hold(client, service_request, starts_at=NINE + timedelta(minutes=75))
    check = client.get(again.url)
    done = client.post(again.url, {"key": check.context["form"]["key"].value()})

    assert refused.status_code == 409
    assert done.url.endswith("/pris/")
    assert EmailCode.objects.count() == 1


def test_hold_of_a_booked_appointment_is_not_found_elsewhere(client, client_class, service_request):
    """The uuid is in the calendar file: it must not open the appointment (only the signed link does)."""
    book(client, service_request)
    page = reverse("operators:booking", args=[Appointment.objects.get().uuid])

    assert client.get(page).status_code == 302
    assert client_class().get(page).status_code == 404


@pytest.fixture
def client_class(client):
    return type(client)


@pytest.mark.parametrize(
    "name",
    ["appointment", "appointment_booked", "appointment_calendar", "appointment_cancel", "appointment_move"],
)
def test_altered_link_is_not_found(client, name):
    signed = sign(AppointmentFactory().uuid)
    other = sign(uuid.uuid4())

    for altered in (signed[:-1], signed.replace(signed[:4], "0000"), other, signed.split(".")[0]):
        assert client.get(reverse(f"operators:{name}", args=[altered])).status_code == 404


def test_hold_has_no_signed_page(client):
    assert client.get(page_of(AppointmentFactory(on_hold=True))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Votre rendez-vous"),
        ({"starts_at": at("2026-11-16 09:00")}, "Ce rendez-vous est passé"),
        (
            {"state": "CANCELLED", "cancelled_at": NOW, "cancelled_by": "OPERATOR"},
            "Ce rendez-vous est annulé",
        ),
    ],
)
def test_after_state_is_said(client, changes, title):
    response = client.get(page_of(AppointmentFactory(**changes)))

    assert f"<h1>{title}</h1>" in response.content.decode()


def test_limit_is_shown_as_a_date_and_an_hour(client):
    page = client.get(page_of(AppointmentFactory())).content.decode()

    assert "lundi 30 novembre 2026 à 7\xa0h (heure de Paris)" in page


def test_after_the_limit_only_the_phone_is_left(client):
    soon = AppointmentFactory(starts_at=NOW + timedelta(minutes=119))

    page = client.get(page_of(soon)).content.decode()

    assert "appelez-nous" in page
    assert client.post(page_of(soon, "appointment_cancel")).url == page_of(soon)
    soon.refresh_from_db()
    assert soon.state == AppointmentState.BOOKED


def test_cancel_asks_then_cancels(client):
    booked = AppointmentFactory()
    page = page_of(booked, "appointment_cancel")

    asked = client.get(page)
    booked.refresh_from_db()
    before = booked.state
    client.post(page)

    booked.refresh_from_db()
    assert (asked.status_code, before) == (200, AppointmentState.BOOKED)
    assert (booked.state, booked.cancelled_by) == ("CANCELLED", "PERSON")


def test_move_checks_then_moves_and_the_old_link_leads_to_the_new(client, site, service_request):
    booked = AppointmentFactory(adviser=site.advisers.get(), service_request=service_request)
    page = page_of(booked, "appointment_move")
    answer = {"creneau": slot_value(NINE + timedelta(minutes=75), site.slug)}

    checked = client.post(page, answer)
    before = Appointment.objects.count()
    moved_page = client.post(page, {**answer, "confirmer": "1"}).url

    old = client.get(page_of(booked))
    assert (checked.status_code, before) == (200, 1)
    assert old.context["moved_url"] == moved_page
    assert client.get(moved_page).context["appointment"].starts_at == NINE + timedelta(minutes=75)


def test_move_page_keeps_level_mode_and_week(client, site, service_request):
    booked = AppointmentFactory(
        adviser=site.advisers.get(), service_request=service_request, mode=Mode.PHONE, level="TWO"
    )

    search = client.get(page_of(booked, "appointment_move")).context["search"]

    assert (search.level, search.mode, f"{search.week}") == ("2", "telephone", "2026-11-30")


def test_calendar_file_is_served(client):
    response = client.get(page_of(AppointmentFactory(), "appointment_calendar"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Rendez-vous" in response.content


def test_request_page_offers_a_slot_then_the_appointment_to_its_holder(service_request):
    def labels(*, is_holder):
        steps = next_steps(service_request=service_request, is_holder=is_holder, now=NOW)
        return [step.label for step in steps]

    before = labels(is_holder=True)
    AppointmentFactory(service_request=service_request)

    assert before == ["Choisir un créneau"]
    assert (labels(is_holder=True), labels(is_holder=False)) == (["Voir mon rendez-vous"], [])


def test_pages_of_an_appointment_are_never_stored(client):
    """A shared computer keeps nothing of them."""
    assert "no-store" in client.get(page_of(AppointmentFactory()))["Cache-Control"]


def test_personal_space_leads_with_the_coming_appointment(client):
    user = UserFactory(role=Role.BENEFICIARY)
    past, coming = at("2026-11-16 09:00"), NINE
    person = BeneficiaryFactory(user=user)
    for starts_at in (coming, past):
        booked = AppointmentFactory(beneficiary=person, starts_at=starts_at)
    client.force_login(user)

    panel, *_ = client.get(reverse("beneficiaries:space")).context["panels"]

    assert panel["title"] == "Mon prochain rendez-vous"
    assert panel["context"]["appointment"].starts_at == coming
    assert panel["context"]["url"] != page_of(booked)


def test_wrong_tries_on_a_used_code_are_counted_too(client, client_class, service_request):
    """Else the page of a code left on a shared phone lets anybody try the million of codes."""
    code_page, code = give_name(client, service_request)
    client.post(code_page, {"code": code, "key": uuid.uuid4()})
    stranger = client_class()
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(5):
        stranger.post(code_page, {"code": wrong, "key": uuid.uuid4()})
    refused = stranger.post(code_page, {"code": code, "key": uuid.uuid4()})

    assert refused.context["form"].errors["code"][0].startswith("Trop d’essais")
    assert (
        stranger.get(reverse("operators:booking", args=[Appointment.objects.get().uuid])).status_code == 404
    )


def test_browser_that_only_asked_must_copy_a_code_like_anybody(client, client_class, service_request):
    """A counter's computer asked for the person, who gave a name elsewhere: it books nothing in that name."""
    session = client.session
    session["requests"] = [service_request.reference]
    session.save()
    service_request.beneficiary = BeneficiaryFactory()
    service_request.save()

    response = client.get(hold(client, service_request).url)

    assert "person" not in response.context
    assert service_request.beneficiary.first_name not in response.text


def test_session_gets_a_new_key_when_the_code_is_right(client, service_request):
    """Who noted the session of a shared phone does not follow the next person's."""
    session = client.session
    session["requests"] = [service_request.reference]
    session.save()
    before = client.session.session_key

    book(client, service_request)

    assert client.session.session_key != before


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_slot_out_of_the_calendar_does_not_exist(client, service_request, site, year):
    value = f"{year}0101T0000Z~{site.slug}"
    booked = AppointmentFactory(site=site, adviser=site.advisers.first(), service_request=service_request)

    answers = [
        client.post(slots_page(service_request), {"creneau": value}),
        client.post(page_of(booked, "appointment_move"), {"creneau": value}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("n’existe pas" in answer.text for answer in answers)
