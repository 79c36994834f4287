"""Who books does not read: identity and appointments, and nothing else (RDV-SP 1692, 2469, 3055)."""

import uuid
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import Theme
from operators.reception.calls.models import AssistedBooking
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def booked(site):
    person = BeneficiaryFactory(first_name="Léa", last_name="Morvan", phone="06 39 98 00 00")
    request = ServiceRequestFactory(contract=site.contract, beneficiary=person, commune=site.commune)
    return AppointmentFactory(adviser=site.advisers.get(), beneficiary=person, service_request=request)


def page(name, thing):
    return reverse(f"operators:{name}", args=[thing.uuid])


@pytest.mark.parametrize("text", ["0639980000", "+33 6 39 98 00 00", "morvan léa", "Lea MORVAN"])
def test_person_is_found_by_number_or_name(desk, booked, text):
    desk.post(reverse("operators:caller_search"), {"recherche": text})

    response = desk.get(reverse("operators:caller_search"))

    assert response.context["people"] == [booked.beneficiary]


@pytest.mark.parametrize("text", ["", "nobody@exemple.example", "Zoé"])
def test_nobody_is_found(desk, booked, text):
    desk.post(reverse("operators:caller_search"), {"recherche": text})

    assert desk.get(reverse("operators:caller_search")).context["people"] == []


def test_person_of_another_operator_is_not_found(desk):
    stranger = ServiceRequestFactory(beneficiary=BeneficiaryFactory(last_name="Autrui")).beneficiary
    desk.post(reverse("operators:caller_search"), {"recherche": "Autrui"})

    assert desk.get(reverse("operators:caller_search")).context["people"] == []
    assert desk.get(page("caller_detail", stranger)).status_code == 404


def test_frozen_file_is_not_found(desk, booked):
    person = booked.beneficiary
    person.restricted_at = NOW
    person.save()

    assert desk.get(page("caller_detail", person)).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_search_query_count_is_constant(desk, site, django_assert_num_queries, count):
    for _ in range(count):
        ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory(last_name="Même"))
    desk.post(reverse("operators:caller_search"), {"recherche": "Même"})

    # session, user, mandates, people, and the three words that set how near a name must be
    with django_assert_num_queries(7):
        response = desk.get(reverse("operators:caller_search"))

    assert len(response.context["people"]) == count


@pytest.mark.parametrize("count", [1, 4])
def test_person_query_count_is_constant(desk, site, booked, django_assert_num_queries, count):
    for place in range(count - 1):
        AppointmentFactory(
            adviser=site.advisers.get(),
            beneficiary=booked.beneficiary,
            starts_at=at(f"2026-11-1{place} 09:00"),
            state="ATTENDED",
        )

    with django_assert_num_queries(7):  # session, user, mandates, person, journal, appointments, request
        response = desk.get(page("caller_detail", booked.beneficiary))

    assert len(response.context["coming"]) + len(response.context["past"]) == count


def test_opening_a_person_is_written_in_the_journal(desk, officer, booked):
    desk.get(page("caller_detail", booked.beneficiary))

    line = AuditEvent.objects.get(action="beneficiaries.beneficiary.opened")
    assert (line.actor, line.target_id) == (officer, booked.beneficiary.pk)


def test_officer_never_reads_what_was_said(desk, site, booked, nine):
    """RDV-SP 1692: canary themes, next step and outcome in a file; no page of the desk shows one."""
    pathway = PathwayFactory(
        adviser=site.advisers.get(),
        beneficiary=booked.beneficiary,
        service_request=booked.service_request,
        state="CLOSED",
        closed_at=NOW,
        outcome="LOST",
    )
    CounsellingSessionFactory(pathway=pathway, themes=[Theme.WORKING_LIFE, Theme.FUNDING])
    waiting = ServiceRequestFactory(contract=site.contract, beneficiary=booked.beneficiary)
    held = desk.post(
        reverse("operators:call_slots", args=[waiting.reference]), {"creneau": nine.replace("0800", "0915")}
    )
    desk.post(reverse("operators:caller_search"), {"recherche": "morvan"})
    pages = [
        reverse("operators:request_list"),
        reverse("operators:call_slots", args=[waiting.reference]),
        held.url,
        reverse("operators:caller_search"),
        page("caller_detail", booked.beneficiary),
        page("caller_move", booked),
        page("caller_cancel", booked),
        page("call_booked", booked),
    ]
    canaries = [
        *(Theme(value).label for value in (Theme.WORKING_LIFE, Theme.FUNDING)),
        pathway.get_outcome_display(),
        "Un prochain rendez-vous",
    ]

    shown = {url: [word for word in canaries if word in desk.get(url).text] for url in pages}

    assert {url for url in pages if desk.get(url).status_code != 200} == set()
    assert shown == {url: [] for url in pages}
    assert [desk.get(page(name, pathway)).status_code for name in ("pathway_detail", "pathway_close")] == [
        403,
        403,
    ]


def test_person_cancels_through_the_officer_and_both_are_kept(desk, officer, booked):
    desk.post(page("caller_cancel", booked), {"by": "PERSON"})

    booked.refresh_from_db()
    line = AuditEvent.objects.get(action="operators.appointment.cancelled")
    assert (booked.state, booked.cancelled_by) == (AppointmentState.CANCELLED, CancelledBy.PERSON)
    assert (line.actor, line.data["by"]) == (officer, "PERSON")


@pytest.mark.parametrize("act", ["caller_cancel", "caller_move"])
def test_after_the_limit_the_telephone_still_changes(desk, site, booked, nine, act):
    """The limit is for who changes alone: past it, « appelez-nous » must lead somewhere."""
    soon = AppointmentFactory(
        adviser=site.advisers.get(),
        starts_at=NOW + timedelta(minutes=30),
        beneficiary=booked.beneficiary,
        service_request=booked.service_request,
    )

    later = {"by": "PERSON", "creneau": nine.replace("0800", "0915"), "confirmer": "1"}
    desk.post(page(act, soon), later)

    soon.refresh_from_db()
    assert (soon.state, soon.cancelled_by) == (AppointmentState.CANCELLED, CancelledBy.PERSON)


def test_reason_said_on_the_telephone_is_kept(desk, booked):
    desk.post(page("caller_cancel", booked), {"by": "PERSON", "reason": "WORK"})

    booked.refresh_from_db()
    assert booked.cancel_reason == "WORK"


def test_officer_cancels_for_the_service(desk, booked):
    desk.post(page("caller_cancel", booked), {"by": "OPERATOR"})

    booked.refresh_from_db()
    assert booked.cancelled_by == CancelledBy.OPERATOR


def test_cancelling_says_who(desk, booked):
    response = desk.post(page("caller_cancel", booked), {"by": ""})

    assert response.context["form"].errors == {"by": ["Dites qui annule."]}


def test_cancelled_twice_says_so(desk, booked):
    desk.post(page("caller_cancel", booked), {"by": "PERSON"})

    response = desk.post(page("caller_cancel", booked), {"by": "PERSON"})

    assert response.context["form"].non_field_errors() == ["Ce rendez-vous est annulé : rien n’a été changé."]


def test_person_moves_through_the_officer(desk, officer, booked, nine):
    later = nine.replace("0800", "0915")
    check = desk.post(page("caller_move", booked), {"creneau": later})

    done = desk.post(page("caller_move", booked), {"creneau": later, "confirmer": "1"})

    moved = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert check.context["new_starts_at"] == moved.starts_at == at("2026-11-30 10:15")
    assert (moved.moved_from, done.url) == (booked, page("caller_detail", booked.beneficiary))
    assert AuditEvent.objects.get(action="operators.appointment.moved").actor == officer


def test_move_to_a_slot_just_taken_keeps_the_present_one(desk, site, booked, nine):
    AppointmentFactory(adviser=site.advisers.get(), starts_at=at("2026-11-30 10:15"))

    response = desk.post(
        page("caller_move", booked), {"creneau": nine.replace("0800", "0915"), "confirmer": "1"}
    )

    booked.refresh_from_db()
    assert (response.status_code, booked.state) == (409, AppointmentState.BOOKED)


def test_adviser_of_another_operator_moves_nothing(client, booked):
    client.force_login(UserFactory(role=Role.ADVISER))

    assert client.get(page("caller_move", booked)).status_code == 404
    assert client.post(page("caller_cancel", booked), {"by": "OPERATOR"}).status_code == 404


def test_agreement_is_never_changed_nor_deleted(booked):
    agreement = AssistedBooking.objects.create(appointment=booked, consent="ALOUD", agreed_at=NOW)

    for statement in (
        "UPDATE operators_assistedbooking SET consent = 'CODE'",
        "DELETE FROM operators_assistedbooking",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    agreement.refresh_from_db()
    assert agreement.consent == "ALOUD"


def test_unknown_person_does_not_exist(desk):
    assert desk.get(reverse("operators:caller_detail", args=[uuid.uuid4()])).status_code == 404
