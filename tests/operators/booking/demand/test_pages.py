"""The person's pages: nothing fits, the answer to an offer, an earlier place."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.rules import PROVED_KEY
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import sign as sign_appointment
from operators.booking.agenda.models import Appointment
from operators.booking.demand import links, services
from operators.booking.demand.enums import AlertState, CallBackState, EntryState, OfferState
from operators.booking.demand.models import CallBack, EarlierAlert, SlotOffer, UnmetDemand, WaitingEntry
from tests.clock import moved_day
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import CallBackFactory, WaitingEntryFactory
from tests.factories.operators import AppointmentFactory
from tests.messages import composed
from tests.operators.booking.agenda.clock import NOW
from tests.operators.booking.demand.conftest import NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
WISHES = {"level": "ONE", "modes": ["ON_SITE"], "hours": ["AFTER_18"], "place": "ici"}
PERSON = {"first_name": "Dominique", "last_name": "Durand", "email": "dominique@exemple.example"}


@pytest.fixture
def service_request(site):
    return ServiceRequestFactory(contract=site.contract)


def page(service_request, name="nothing_fits", **query):
    return reverse(f"operators:{name}", args=[service_request.reference], query=query or None)


def proved(client, service_request):
    """The browser in which the person of the request copied a code."""
    session = client.session
    session[PROVED_KEY] = [service_request.reference]
    session.save()
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_three_ways_out_come_first_and_the_rest_is_folded(client, service_request):
    shown, _, folded = client.get(page(service_request)).text.partition("<details>")
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", shown.partition("<main")[2])

    assert titles == ["Être prévenu quand une place se libère", "Être rappelé", "Nous appeler"]
    assert "Voir les autres lieux" in folded.partition("</details>")[0]
    assert "Dire seulement ce qui manque" in folded.partition("</details>")[0]


def test_the_way_out_is_on_the_slot_page_with_the_search(client, service_request):
    slots = client.get(page(service_request, "slot_list", modalite="telephone"))

    assert [way.url for way in slots.context["ways_out"]] == [
        page(service_request) + "?niveau=1&amp;modalite=telephone".replace("&amp;", "&")
    ]
    assert "rappelé, ou prévenu" in text_of(slots)


def test_the_page_is_filled_with_what_was_looked_for(client, service_request, site):
    response = client.get(page(service_request, niveau="2", heures="apres-18-h", lieu=site.slug))

    assert response.context["form"].initial == {
        "level": "TWO",
        "modes": ["ON_SITE"],
        "hours": ["AFTER_18"],
        "place": "ici",
        "name": "",
        "phone": "",
    }
    assert "Nous vous appelons le mardi 24 novembre 2026" in text_of(response)


def test_a_call_is_asked_without_account_nor_address_rdvi_1798(client, service_request, site):
    response = client.post(
        page(service_request),
        {**WISHES, "name": "Dominique", "phone": "06 39 98 00 00", "call_hours": "ANY", "voie": "CALL_BACK"},
    )

    call_back = CallBack.objects.get()
    assert (call_back.site, call_back.hours, call_back.state) == (site, ["AFTER_18"], CallBackState.DUE)
    assert response.url == page(service_request)
    assert "nous vous appelons le mardi 24 novembre 2026" in text_of(client.get(response.url))


def test_a_call_needs_a_number(client, service_request):
    response = client.post(page(service_request), {**WISHES, "voie": "CALL_BACK"})

    assert set(response.context["form"].errors) == {"name", "phone", "call_hours"}


def test_a_call_already_promised_is_said_in_words(client, service_request):
    CallBackFactory(service_request=service_request)

    response = client.post(
        page(service_request),
        {**WISHES, "name": "D", "phone": "06 39 98 00 00", "call_hours": "ANY", "voie": "CALL_BACK"},
    )

    assert response.context["form"].non_field_errors() == ["Un rappel est déjà prévu pour cette demande."]


@pytest.mark.parametrize(
    ("days", "hours", "said"),
    [
        (0, "ANY", "Nous vous appelons le mardi 24 novembre 2026."),
        (0, "AFTER_18", "Nous vous appelons le mardi 24 novembre 2026, après 18 heures."),
        (
            -5,
            "ANY",
            "Nous devions vous appeler le jeudi 19 novembre 2026 : nous vous devons toujours cet appel.",
        ),
    ],
    ids=["any-hour", "evening", "late"],
)
def test_a_promised_call_is_what_the_page_is_about(client, service_request, days, hours, said):
    promised = moved_day("2026-11-24") + timedelta(days=days)
    CallBackFactory(service_request=service_request, promised_on=promised, call_hours=hours)

    text = text_of(client.get(page(service_request)))

    assert ("Ce qui est prévu" in text, "Rien ne convient" in text, said in text) == (True, False, True)


def test_only_saying_counts_once_a_browser(client, service_request):
    for _ in range(2):
        client.post(page(service_request), {**WISHES, "voie": "TOLD"})

    assert UnmetDemand.objects.count() == 1


def test_an_unknown_button_writes_nothing(client, service_request):
    response = client.post(page(service_request), {**WISHES, "voie": "AUTRE"})

    assert (response.status_code, UnmetDemand.objects.count()) == (200, 0)


def test_a_person_already_proved_joins_the_list_at_once(client, service_request, site):
    request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    response = proved(client, request).post(page(request), {**WISHES, "voie": "WAITING"})

    entry = WaitingEntry.objects.get()
    assert (entry.beneficiary, entry.site, entry.anywhere) == (request.beneficiary, site, False)
    assert "à la place 1" in text_of(client.get(response.url))


def test_an_unknown_person_proves_an_address_then_waits(client, service_request):
    contact = client.post(page(service_request), {**WISHES, "voie": "WAITING"})
    code_page = client.post(contact.url, PERSON)
    code = re.search(r"^(\d{6})$", Message.objects.get().body, re.MULTILINE).group(1)

    response = client.post(code_page.url, {"code": code})

    entry = WaitingEntry.objects.get()
    assert (entry.beneficiary.email, entry.hours) == (PERSON["email"], ["AFTER_18"])
    assert response.url == page(service_request)


def test_a_wrong_code_gives_no_place(client, service_request):
    contact = client.post(page(service_request), {**WISHES, "voie": "WAITING"})
    code_page = client.post(contact.url, PERSON)

    response = client.post(code_page.url, {"code": "000000"})

    assert response.context["form"].errors["code"] == ["Ce code ne convient pas. Il vous reste 4 essais."]
    assert WaitingEntry.objects.count() == 0


def test_the_contact_page_without_wishes_leads_back(client, service_request):
    assert client.get(page(service_request, "waiting_contact")).url == page(service_request)


def test_the_reference_alone_shows_no_place_in_the_list(client, entry):
    response = client.get(page(entry.service_request))

    assert (response.context["entry"], response.context["is_known"]) == (None, False)


def test_the_holder_leaves_the_list(client, entry):
    response = proved(client, entry.service_request).post(
        page(entry.service_request, "nothing_fits_give_up"), {"attente": "quitter"}
    )

    entry.refresh_from_db()
    assert (response.status_code, entry.state) == (302, EntryState.LEFT)


def test_nobody_else_gives_up_for_the_person(client, entry):
    call_back = CallBackFactory(service_request=entry.service_request)
    give_up = page(entry.service_request, "nothing_fits_give_up")

    statuses = [client.post(give_up, {act: "x"}).status_code for act in ("attente", "rappel")]

    entry.refresh_from_db()
    call_back.refresh_from_db()
    assert (statuses, entry.state, call_back.state) == ([404, 404], EntryState.WAITING, CallBackState.DUE)


def test_the_link_opens_exactly_the_slot_offered_rdvsp_3676(client, offer):
    response = client.get(links.offer_path(offer))

    text = text_of(response)
    assert "lundi 30 novembre 2026 à 9 h" in text.replace("\xa0", " ")
    assert "Gardée pour vous jusqu’au mardi 24 novembre 2026 à 17 h" in text.replace("\xa0", " ")
    assert "Pas encore réservé" in text


def test_yes_books_and_leads_to_the_appointment(client, offer):
    response = client.post(links.offer_path(offer), {"reponse": "oui"})

    booked = Appointment.objects.get()
    assert (booked.state, booked.starts_at) == (AppointmentState.BOOKED, NINE)
    assert response.url == reverse("operators:appointment_booked", args=[sign_appointment(booked.uuid)])


def test_no_keeps_the_place_and_says_so(client, offer):
    response = client.post(links.offer_path(offer), {"reponse": "non"}, follow=True)

    assert "Vous êtes toujours dans la liste" in text_of(response)


def test_leaving_from_the_link_says_so(client, offer):
    response = client.post(links.offer_path(offer), {"reponse": "quitter"}, follow=True)

    assert "Vous n’êtes plus dans la liste d’attente" in text_of(response)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (OfferState.ACCEPTED, "Vous avez accepté cette place"),
        (OfferState.DECLINED, "Vous avez refusé cette place"),
        (OfferState.EXPIRED, "Le délai est passé"),
        (OfferState.WITHDRAWN, "Cette place n’est plus proposée"),
    ],
)
def test_each_end_of_an_offer_has_its_words_and_a_way_on_pretix_2119(client, offer, state, title):
    SlotOffer.objects.filter(pk=offer.pk).update(state=state, ended_at=NOW)

    text = text_of(client.get(links.offer_path(offer)))

    assert title in text
    assert "02 61 91 00 00" in text


def test_an_offer_over_but_not_yet_swept_already_reads_over(client, offer, clock):

    clock.move_to(NOW + timedelta(hours=24))

    response = client.get(links.offer_path(offer))

    assert response.context["state"] == OfferState.EXPIRED


@pytest.mark.parametrize("place", [0, 1, 21, 22, 37])
def test_an_altered_link_opens_nothing(client, offer, place):
    signed = links.sign(offer.uuid)
    altered = signed[:place] + ("A" if signed[place] != "A" else "B") + signed[place + 1 :]

    statuses = [
        client.get(reverse("operators:offer", args=[text])).status_code
        for text in (altered, signed[:-1], "é" * 38)
    ]

    assert statuses == [404, 404, 404]


def test_the_sms_of_an_offer_fits_in_one_part_with_its_link(site):
    person = BeneficiaryFactory(phone="06 39 98 00 00")
    WaitingEntryFactory(site=site, beneficiary=person)

    services.offer_free_slots(contract=site.contract, now=NOW)

    sms = composed(Message.objects.get(channel="SMS"))
    assert links.offer_link(SlotOffer.objects.get()) in sms.body
    assert len(sms.body) <= 160


@pytest.fixture
def booked(site):
    return AppointmentFactory(adviser=site.advisers.get(), starts_at=NINE + timedelta(days=14))


def earlier_page(booked):
    return reverse("operators:earlier", args=[sign_appointment(booked.uuid)])


def test_the_appointment_page_leads_to_the_alert(client, booked):
    response = client.get(reverse("operators:appointment", args=[sign_appointment(booked.uuid)]))

    assert earlier_page(booked) in response.content.decode()


def test_no_earlier_place_is_promised_when_none_could_be_offered(client, site):
    """Tomorrow at nine: no place two days before can be offered, and answered, from now."""
    near = AppointmentFactory(adviser=site.advisers.get(), starts_at=NOW + timedelta(days=1))
    mine = reverse("operators:appointment", args=[sign_appointment(near.uuid)])

    asked = client.post(earlier_page(near), {}, follow=True)

    assert earlier_page(near) not in client.get(mine).content.decode()
    assert "Ce rendez-vous est trop proche pour en proposer un plus tôt." in text_of(asked)
    assert EarlierAlert.objects.count() == 0


def test_the_alert_is_asked_changed_and_stopped(client, booked):
    client.post(earlier_page(booked), {})
    asked = EarlierAlert.objects.get()
    client.post(earlier_page(booked), {"other_adviser": "on"})
    changed = EarlierAlert.objects.get()
    client.post(earlier_page(booked), {"arreter": "oui"})

    assert [(earlier_alert.state, earlier_alert.other_adviser) for earlier_alert in (asked, changed)] == [
        (AlertState.ACTIVE, False),
        (AlertState.ACTIVE, True),
    ]
    assert EarlierAlert.objects.get().state == AlertState.ENDED


def test_a_past_appointment_leads_to_its_own_page(client):
    past = AppointmentFactory(starts_at=NOW - timedelta(days=3))

    assert client.get(earlier_page(past)).status_code == 302


def test_an_earlier_place_is_shown_against_the_present_one(client, booked):
    services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)
    services.offer_free_slots(contract=booked.site.contract, now=NOW)

    response = client.post(links.offer_path(SlotOffer.objects.get()), {"reponse": "oui"})

    booked.refresh_from_db()
    assert (booked.state, booked.moved_to.starts_at, response.status_code) == (
        AppointmentState.CANCELLED,
        NINE,
        302,
    )
