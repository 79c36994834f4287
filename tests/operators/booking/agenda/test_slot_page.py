import re
from datetime import time

import pytest
from django.urls import reverse

from beneficiaries.request.enums import AccessNeed
from operators.booking.agenda.models import Appointment
from operators.network.enums import Mode
from tests.clock import moved_day
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.road import hold, page_of, slots_of, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_empty_week_says_when_the_next_slot_is(client, service_request):
    response = client.get(slots_page(service_request, semaine=str(moved_day("2026-11-23"))))

    assert slots_of(response) == []
    assert response.context["upcoming"]["text"] == "lundi 30 novembre 2026 à 9\xa0h"
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
    response = client.get(slots_page(service_request, semaine=str(moved_day("2026-12-02"))))

    assert slots_of(response) == [("Lundi 30 novembre 2026", ["9 h", "10 h 15"])]
    assert "Rien ne convient" in response.content.decode()


def test_every_hour_is_a_button_that_says_its_day_rdvsp_3207(client, service_request):
    """A list, no grid: what a screen reader says of each button is enough to choose (RDV-SP 1825, 2082)."""
    page = client.get(slots_page(service_request, semaine=str(moved_day("2026-12-02")))).text

    buttons = re.findall(r"<button[^>]*name=\"creneau\"[^>]*>(.*?)</button>", page, re.DOTALL)
    spoken = [re.sub(r"<[^>]+>", "", button).replace("\xa0", " ").strip() for button in buttons]
    assert spoken == ["Lundi 30 novembre 2026, 9 h", "Lundi 30 novembre 2026, 10 h 15"]
    assert "<table" not in page


def test_filters_keep_the_other_choices(client, service_request):
    response = client.get(
        slots_page(service_request, niveau="2", heures="samedi", semaine=str(moved_day("2026-11-30")))
    )

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
        commune=CommuneFactory(code="35360", name="Vitré", longitude=-1.21, latitude=48.12),
    )
    OpeningRuleFactory(adviser__site=far, opens=time(14), closes=time(15))
    monday = {"semaine": str(moved_day("2026-11-30"))}

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

    assert slots_of(client.get(slots_page(service_request, semaine=str(moved_day("2026-11-30"))))) == []


def test_hours_are_local_in_la_reunion(client):
    site = OpeningRuleFactory(adviser__site=SiteFactory(reunion=True)).site
    service_request = ServiceRequestFactory(contract=site.contract, commune=site.commune)

    response = client.get(slots_page(service_request, semaine=str(moved_day("2026-11-30"))))

    assert slots_of(response) == [("Lundi 30 novembre 2026", ["9 h", "10 h 15"])]
    assert "heure de La Réunion" in response.content.decode()


@pytest.mark.parametrize("advisers", [1, 4])
def test_slot_page_query_count_is_constant(client, django_assert_num_queries, advisers):
    site = SiteFactory()
    for _ in range(advisers):
        OpeningRuleFactory(adviser__site=site)
    service_request = ServiceRequestFactory(contract=site.contract)

    with django_assert_num_queries(5):  # request, places, slots, live hold, meetings
        client.get(slots_page(service_request, semaine=str(moved_day("2026-11-30"))))


def test_unknown_reference_is_not_found(client):
    assert client.get(reverse("operators:slot_list", args=["0" * 12])).status_code == 404


@pytest.mark.parametrize("value", ["", "demain~site", "20261130T0800Z~ailleurs"])
def test_altered_slot_holds_nothing(client, service_request, value):
    response = client.post(slots_page(service_request), {"creneau": value})

    assert response.status_code == 200
    assert Appointment.objects.count() == 0


def test_taken_slot_offers_the_nearest(client, service_request):
    AppointmentFactory(adviser=service_request.contract.sites.get().advisers.get())

    response = hold(client, service_request)

    assert response.status_code == 409
    assert [slot["label"] for slot in response.context["nearest"]] == [
        "lundi 30 novembre 2026 à 10\xa0h\xa015",
        "lundi 7 décembre 2026 à 9\xa0h",
        "lundi 7 décembre 2026 à 10\xa0h\xa015",
    ]


def test_move_page_keeps_level_mode_and_week(client, site, service_request):
    booked = AppointmentFactory(
        adviser=site.advisers.get(), service_request=service_request, mode=Mode.PHONE, level="TWO"
    )

    search = client.get(page_of(booked, "appointment_move")).context["search"]

    assert (search.level, search.mode, f"{search.week}") == ("2", "telephone", str(moved_day("2026-11-30")))


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
