import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.enums import AppointmentState
from operators.casework.pathways import rules
from operators.casework.pathways.models import CounsellingSession, Pathway
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
DAY = f"?jour={moved_day('2026-11-30')}"


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def past(hours):
    """An appointment of the real past: the pages read the real clock."""
    return timezone.now() - timedelta(hours=hours)


def as_role(role):
    return UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_log_sessions, {Role.ADVISER}),
        (rules.can_read_pathways, {Role.ADVISER}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADVISER])
def test_pathways_are_read_by_advisers_only(role):
    PathwayFactory()
    user = as_role(role)
    if user.mandate.organisation_id:
        user.mandate.organisation = Pathway.objects.get().contract.holder

    assert Pathway.objects.visible_to(user).count() == 0


@pytest.mark.parametrize("count", [1, 4])
def test_today_query_count_is_constant(client, adviser, django_assert_num_queries, count):
    for number in range(count):
        starts = MONDAY_NINE + timedelta(hours=2 * number)
        appointment = AppointmentFactory(adviser=adviser, starts_at=starts)
        appointment.service_request = ServiceRequestFactory(contract=appointment.site.contract)
        appointment.save()
        AppointmentFactory(adviser=adviser, starts_at=past(50 + 2 * number))

    # session, user, mandates, adviser, to log, day, meetings, pathways, calls, requests, answers, notes,
    # summaries, handed, announced, referrals, situations to correct, transfers, free hours
    with django_assert_num_queries(19):
        response = client.get(reverse("operators:today") + DAY)

    assert len(response.context["days"][0]["entries"]) == count
    assert response.context["to_do"].count == count


def test_today_says_what_each_appointment_needs(client, adviser):
    person = BeneficiaryFactory(phone="06 39 98 00 00")
    later = AppointmentFactory(
        adviser=adviser, mode="PHONE", beneficiary=person, starts_at=MONDAY_NINE + timedelta(hours=2)
    )
    later.service_request = ServiceRequestFactory(
        contract=later.site.contract, access_needs=["SIGN_LANGUAGE"]
    )
    later.save()
    first = AppointmentFactory(adviser=adviser, level="TWO")
    PathwayFactory(adviser=adviser, beneficiary=first.beneficiary)

    entries = client.get(reverse("operators:today") + DAY).context["days"][0]["entries"]

    assert [entry["start"] for entry in entries] == ["9\N{NO-BREAK SPACE}h", "11\N{NO-BREAK SPACE}h"]
    assert entries[0]["detail"] == "niveau 2 · sur place"  # the heading names the place
    assert entries[1]["detail"] == (
        "niveau 1 · à appeler au 06\u00a039\u00a098\u00a000\u00a000 · Changer de métier ou de secteur"
        " · première séance · à prévoir\u00a0: Langue des signes"
    )


def test_today_leaves_out_holds_moves_and_colleagues(client, adviser):
    hour = timedelta(hours=2)
    AppointmentFactory(adviser=adviser, on_hold=True)
    cancelled = {
        "adviser": adviser,
        "state": AppointmentState.CANCELLED,
        "cancelled_at": MONDAY_NINE,
        "cancelled_by": "PERSON",
    }
    moved = AppointmentFactory(starts_at=MONDAY_NINE + hour, **cancelled)
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE + timedelta(days=1), moved_from=moved)
    AppointmentFactory(starts_at=MONDAY_NINE + 2 * hour, **cancelled)
    AppointmentFactory(starts_at=MONDAY_NINE + hour)

    entries = client.get(reverse("operators:today") + DAY).context["days"][0]["entries"]

    assert [entry["badge"] for entry in entries] == ["annulé par la personne"]


def test_today_is_empty_without_an_adviser_card(client):
    client.force_login(UserFactory(role=Role.ADVISER))

    response = client.get(reverse("operators:today"))

    assert "Votre fiche de conseiller n’existe pas encore" in response.text


def test_to_log_is_oldest_first_with_its_age(client, adviser):
    recent = AppointmentFactory(adviser=adviser, starts_at=past(3))
    old = AppointmentFactory(adviser=adviser, starts_at=past(76))

    groups = client.get(reverse("operators:today")).context["to_do"].groups

    assert [(group.is_late, [task.about for task in group.tasks]) for group in groups] == [
        (True, [old.beneficiary.full_name]),
        (False, [recent.beneficiary.full_name]),
    ]


def answers(**changes):
    return {
        "attendance": "ATTENDED",
        "level": "ONE",
        "mode": "ON_SITE",
        "duration_minutes": "60",
        "themes": ["SKILLS", "PROJECT"],
        "next_step": "NEXT_SESSION",
        "outcome": "",
        **changes,
    }


def local_start(appointment):
    return f"{timezone.localtime(appointment.starts_at):%H:%M}"


def test_log_is_filled_from_the_appointment(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26), level="TWO", mode="VIDEO")

    form = client.get(reverse("operators:session_log", args=[appointment.uuid])).context["form"]

    assert (form["attendance"].value(), form["level"].value(), form["mode"].value()) == (
        "ATTENDED",
        "TWO",
        "VIDEO",
    )
    assert form["duration_minutes"].value() == 60
    assert f"{form['starts'].value():%H:%M}" == local_start(appointment)


def test_second_button_leads_to_the_note_of_the_session(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))
    url = reverse("operators:session_log", args=[appointment.uuid])

    page = client.get(url)
    response = client.post(url, answers(starts=local_start(appointment), puis="note"))

    assert "Saisir et écrire une note" in page.text
    session = appointment.session
    note = reverse("operators:note_add", args=[session.pathway.uuid])
    assert response.url == f"{note}?seance={session.uuid}"
    assert client.get(response.url).context["form"]["session"].value() == str(session.uuid)


def test_next_session_leads_to_the_slots_of_that_person(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))
    url = reverse("operators:session_log", args=[appointment.uuid])

    response = client.post(url, answers(starts=local_start(appointment)))

    assert response.url == reverse("operators:next_appointment", args=[appointment.beneficiary.uuid])


def test_log_writes_once_and_returns_to_the_day(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))
    AppointmentFactory(adviser=adviser, starts_at=past(50))
    url = reverse("operators:session_log", args=[appointment.uuid])
    data = answers(starts=local_start(appointment), next_step="PERSON_ACTS")

    first = client.post(url, data, follow=True)
    second = client.post(url, data, follow=True)

    session = CounsellingSession.objects.get()
    assert session.themes == ["SKILLS", "PROJECT"]
    assert first.redirect_chain == [(reverse("operators:today"), 302)]
    assert "Il reste un rendez-vous à saisir." in first.text
    assert second.redirect_chain == [(reverse("operators:pathway_detail", args=[session.pathway.uuid]), 302)]
    assert "Ce rendez-vous est déjà saisi." in second.text


def test_log_refusal_is_linked_to_its_question(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))

    response = client.post(
        reverse("operators:session_log", args=[appointment.uuid]),
        answers(starts=local_start(appointment), next_step="CLOSE"),
    )

    assert response.context["form"].errors == {
        "outcome": ["Choisissez l’issue du parcours, puisqu’il s’arrête là."]
    }


def test_log_before_the_start_offers_no_form(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(-48))

    response = client.get(reverse("operators:session_log", args=[appointment.uuid]))

    assert "n’a pas commencé" in response.text


def test_log_ignores_fields_it_does_not_own(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))
    other = AdviserFactory()

    client.post(
        reverse("operators:session_log", args=[appointment.uuid]),
        answers(starts=local_start(appointment), adviser=other.pk, site=other.site_id, zone="UTC"),
    )

    session = CounsellingSession.objects.get()
    assert (session.adviser, session.site, session.zone) == (adviser, adviser.site, "Europe/Paris")


def test_another_operator_finds_nothing(client, adviser):
    appointment = AppointmentFactory(starts_at=past(26))
    pathway = CounsellingSessionFactory().pathway

    pages = [
        client.get(reverse("operators:session_log", args=[appointment.uuid])),
        client.post(reverse("operators:session_log", args=[appointment.uuid]), answers(starts="09:00")),
        client.get(reverse("operators:pathway_detail", args=[pathway.uuid])),
        client.post(reverse("operators:pathway_close", args=[pathway.uuid]), {"outcome": "LOST"}),
    ]

    assert [page.status_code for page in pages] == [404] * 4
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER])
def test_colleagues_who_do_not_counsel_are_refused(client, adviser, role):
    appointment = AppointmentFactory(adviser=adviser, starts_at=past(26))
    pathway = PathwayFactory(adviser=adviser)
    client.force_login(UserFactory(role=role, role__organisation=adviser.site.contract.holder))

    pages = [
        client.post(reverse("operators:session_log", args=[appointment.uuid]), answers(starts="09:00")),
        client.get(reverse("operators:pathway_list")),
        client.get(reverse("operators:pathway_detail", args=[pathway.uuid])),
    ]

    assert [page.status_code for page in pages] == [403] * 3


@pytest.mark.parametrize("count", [1, 4])
def test_pathway_list_query_count_is_constant(client, adviser, django_assert_num_queries, count):
    """les-emplois 1643, 1898, 2352, 2710: lists of 8 s."""
    for _ in range(count):
        CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser))

    with django_assert_num_queries(5):  # session, user, mandates, count, pathways
        response = client.get(reverse("operators:pathway_list"))

    assert len(response.context["page"].object_list) == count


def test_pathway_search_ignores_accents_and_order(client, adviser):
    person = BeneficiaryFactory(first_name="Éloïse", last_name="Le Gœff")
    wanted = PathwayFactory(adviser=adviser, beneficiary=person)
    PathwayFactory(adviser=adviser)

    found = [list(search(client, text).context["page"]) for text in ("goeff eloise", "éloi", "eloise durand")]

    assert found == [[wanted], [wanted], []]


def search(client, text, query=""):
    return client.post(reverse("operators:pathway_list") + query, {"recherche": text}, follow=True)


def test_name_searched_for_is_never_in_an_address(client, adviser):
    PathwayFactory(adviser=adviser)

    page = search(client, "Kerbiriou", "?qui=tous&page=2")
    cleared = search(client, "")

    assert page.redirect_chain == [(reverse("operators:pathway_list") + "?qui=tous", 302)]
    assert 'value="Kerbiriou"' in page.text
    assert "Kerbiriou" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page.text))
    assert len(cleared.context["page"].object_list) == 1


def test_pathway_list_own_or_whole_organisation(client, adviser):
    own = PathwayFactory(adviser=adviser)
    colleague = PathwayFactory(adviser=AdviserFactory(site=adviser.site), entered_on=moved_day("2026-10-06"))
    PathwayFactory()

    mine = client.get(reverse("operators:pathway_list")).context["page"]
    everyone = client.get(reverse("operators:pathway_list"), {"qui": "tous"}).context["page"]

    assert (list(mine), list(everyone)) == ([own], [colleague, own])


@pytest.mark.parametrize("count", [1, 4])
def test_pathway_file_query_count_is_constant(client, adviser, django_assert_num_queries, count):
    pathway = PathwayFactory(adviser=adviser)
    for number in range(count):
        CounsellingSessionFactory(pathway=pathway, starts_at=MONDAY_NINE - timedelta(days=40 - number))

    # session, user, mandates, pathway, sessions, their corrections, reading log, coming, notes; plan,
    # moved, moves, files, the summary, its answers, lent, handed; referrals, situations and transfers in
    # their card and in the timeline; who is alike, joined pathways, merges
    with django_assert_num_queries(26):
        response = client.get(reverse("operators:pathway_detail", args=[pathway.uuid]))

    assert response.context["session_count"] == count


def test_opening_a_file_is_written_in_the_journal(client, adviser):
    """les-emplois PR 5509: added by a machine, personal data open."""
    pathway = CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser)).pathway

    client.get(reverse("operators:pathway_detail", args=[pathway.uuid]))

    line = AuditEvent.objects.get()
    assert (line.action, line.actor, line.target_id) == (
        "operators.pathway.opened",
        adviser.user,
        pathway.pk,
    )


def test_file_tells_the_levels_in_the_order_they_came(client, adviser):
    pathway = PathwayFactory(adviser=adviser)
    for day, level in enumerate(["TWO", "ONE", "ONE", "TWO"]):
        CounsellingSessionFactory(
            pathway=pathway, level=level, starts_at=MONDAY_NINE - timedelta(days=40 - day)
        )

    response = client.get(reverse("operators:pathway_detail", args=[pathway.uuid]))

    assert response.context["levels"] == "niveau 2, puis niveau 1, puis niveau 2"


def test_file_closes_with_an_outcome(client, adviser):
    pathway = CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser)).pathway
    url = reverse("operators:pathway_close", args=[pathway.uuid])

    refused = client.post(url, {"outcome": ""})
    accepted = client.post(url, {"outcome": "JOB_CHANGED"})

    pathway.refresh_from_db()
    assert refused.context["form"].errors == {"outcome": ["Choisissez l’issue du parcours."]}
    assert accepted.status_code == 302
    assert (pathway.state, pathway.outcome) == ("CLOSED", "JOB_CHANGED")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_day_out_of_the_calendar_falls_back_to_the_present(client, adviser, day):
    response = client.get(reverse("operators:today"), {"jour": day})

    assert (response.status_code, response.context["is_present"]) == (200, True)
