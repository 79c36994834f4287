"""Pathways and sessions read by a software: facts, never what was said."""

from datetime import date, timedelta

import pytest

from operators.exchange.software.enums import Scope
from tests.clock import moved
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.notes import NoteFactory
from tests.factories.operators import (
    AdviserFactory,
    ApiClientFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.calls import PERSON, kinds, url
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def pathway(site):
    return PathwayFactory(adviser=site.advisers.get(), beneficiary=BeneficiaryFactory(**PERSON))


def test_pathway_is_told_as_facts(api, pathway):
    response = api.get(url("pathway", pathway.uuid))

    assert response.json() == {
        "id": str(pathway.uuid),
        "person": str(pathway.beneficiary.uuid),
        "reference": pathway.service_request.reference,
        "region": pathway.region_id,
        "adviser": str(pathway.adviser.uuid),
        "entered_on": "2026-10-05",
        "state": "OPEN",
        "closed_at": None,
        "outcome": "",
        "reopened_at": None,
        "zone": "Europe/Paris",
    }
    assert [text for text in PERSON.values() if text in response.text] == []


def test_closed_pathway_says_when_and_how_it_ended(api, pathway):
    type(pathway).objects.update(
        state="CLOSED", outcome="TRAINING_STARTED", closed_at=moved("2026-11-09 10:00")
    )

    told = api.get(url("pathway", pathway.uuid)).json()

    assert (told["state"], told["outcome"]) == ("CLOSED", "TRAINING_STARTED")
    assert told["closed_at"] == "2026-11-09T10:00:00+01:00"


def test_session_is_told_with_both_clocks_and_without_themes(api, pathway):
    held = CounsellingSessionFactory(pathway=pathway, themes=["FUNDING"], next_step="REFERRAL")

    response = api.get(url("session", held.uuid))

    assert response.json() == {
        "id": str(held.uuid),
        "pathway": str(pathway.uuid),
        "appointment": None,
        "adviser": str(held.adviser.uuid),
        "site": str(held.site.uuid),
        "starts_at": "2026-10-05T10:00:00+02:00",
        "zone": "Europe/Paris",
        "held_on": "2026-10-05",
        "duration_minutes": 60,
        "level": "ONE",
        "mode": "ON_SITE",
        "is_unplanned": False,
        "recorded_at": "2026-10-05T12:00:00+02:00",
    }
    assert [word for word in ("FUNDING", "REFERRAL") if word in response.text] == []


def test_no_answer_of_the_api_holds_a_word_of_a_note(api, pathway):
    """The scope opens facts: a note's words leave by no address, whatever is asked."""
    session = CounsellingSessionFactory(pathway=pathway)
    NoteFactory(pathway=pathway, text="canari-jaune-7431")
    pages = [
        *(url(name) for name in ("pathways", "sessions", "requests", "appointments", "deliveries", "sites")),
        url("pathway", pathway.uuid),
        url("session", session.uuid),
        url("request", pathway.service_request.reference),
    ]

    told = {page: api.get(page) for page in pages}

    assert {page: answer.status_code for page, answer in told.items()} == dict.fromkeys(pages, 200)
    assert [page for page, answer in told.items() if "canari" in answer.text] == []


@pytest.mark.parametrize("name", ["pathway", "session"])
def test_facts_of_another_operator_do_not_exist(api, name):
    foreign = CounsellingSessionFactory()
    uuid = foreign.uuid if name == "session" else foreign.pathway.uuid

    assert kinds(api.get(url(name, uuid))) == (404, "not_found")
    assert api.get(url(f"{name}s")).json()["results"] == []


@pytest.mark.parametrize("mark", ["restricted_at", "erased_at"])
def test_frozen_and_erased_people_are_not_told(api, pathway, mark):
    session = CounsellingSessionFactory(pathway=pathway)
    gone = {"first_name": "Personne", "last_name": "effacée", "email": "a@efface.invalid", "phone": ""}
    type(pathway.beneficiary).objects.filter(pk=pathway.beneficiary_id).update(
        **{mark: NOW}, **(gone if mark == "erased_at" else {})
    )

    assert [api.get(url(name)).json()["results"] for name in ("pathways", "sessions")] == [[], []]
    assert api.get(url("pathway", pathway.uuid)).status_code == 404
    assert api.get(url("session", session.uuid)).status_code == 404


def test_pathways_are_chosen_by_day_of_entry_and_state(api, site):
    for day in (1, 2, 3):
        PathwayFactory(adviser=site.advisers.get(), entered_on=date(2026, 10, day))

    rows = api.get(url("pathways"), {"since": "2026-10-02", "until": "2026-10-03", "state": "OPEN"})

    assert [row["entered_on"] for row in rows.json()["results"]] == ["2026-10-02"]


def test_sessions_are_chosen_by_pathway_hour_and_clock_of_recording(api, pathway):
    start = moved("2026-10-05 10:00")
    first, late = (
        CounsellingSessionFactory(
            pathway=pathway, starts_at=start + timedelta(days=day), recorded_at=start + timedelta(days=told)
        )
        for day, told in ((0, 1), (1, 30))
    )
    CounsellingSessionFactory(pathway__adviser=pathway.adviser, starts_at=start + timedelta(days=2))

    def rows(**query):
        return [row["id"] for row in api.get(url("sessions"), query).json()["results"]]

    assert rows(pathway=pathway.uuid) == [str(first.uuid), str(late.uuid)]
    assert rows(until="2026-10-06T10:00:00+02:00") == [str(first.uuid)]
    assert rows(recorded_since="2026-11-01T00:00:00+01:00") == [str(late.uuid)]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("name", ["pathways", "sessions"])
def test_list_query_count_is_constant(api, site, django_assert_num_queries, name, count):
    for place in range(count):
        adviser = site.advisers.get() if place == 0 else AdviserFactory(site=site)
        CounsellingSessionFactory(
            pathway__adviser=adviser,
            appointment=AppointmentFactory(adviser=adviser, starts_at=NOW - timedelta(days=40)),
        )

    with django_assert_num_queries(2):  # client, rows
        assert len(api.get(url(name)).json()["results"]) == count


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        (Scope.PATHWAYS_READ, {"pathways", "sessions", "lists"}),
        (Scope.REQUESTS_READ, {"requests", "lists"}),
        (Scope.SESSIONS_WRITE, {"lists", "log"}),
        (Scope.APPOINTMENTS_READ, {"appointments", "lists"}),
        (Scope.INDICATORS_READ, {"lists"}),
    ],
)
def test_scope_opens_its_family_only(software, scope, opened):
    api = signed_api(ApiClientFactory(organisation=software.organisation, scopes=[scope]))
    names = ("pathways", "sessions", "requests", "appointments", "deliveries", "sites", "lists")
    answers = {name: api.get(url(name)).status_code for name in names}
    answers["log"] = api.post(url("sessions"), {}, format="json").status_code

    assert {name for name, code in answers.items() if code != 403} == opened
