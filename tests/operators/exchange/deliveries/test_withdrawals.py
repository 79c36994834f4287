"""A fact taken back by its operator: gone from the facts, kept as it was, never back under its number."""

from datetime import date

import pytest

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.common.personal_data import Subject
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.hooks import FREEZES
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.models import ExternalKey, FormerFact
from operators.exchange.deliveries.personal_data import MANIFESTS
from tests.factories.deliveries import NOW, software
from tests.factories.operators import SessionCorrectionFactory
from tests.factories.reporting import SurveyFactory
from tests.hooks import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return software()


def gone(nature, number, reason="SENT_TWICE"):
    return {"nature": nature, "id": number, "retrait": reason}


def refused(delivery) -> list[tuple[int, str]]:
    return [(line.number, line.problems[0]["field"]) for line in delivery.refused_lines.order_by("number")]


def test_session_withdrawn_leaves_the_facts_and_what_it_said_is_kept(operator):
    operator.send(operator.session(), operator.session(id="S-2", date_heure="2026-04-02 10:00"))

    delivery = operator.send(gone("SEANCE", "S-1", "NOT_HELD"))

    assert (delivery.withdrawn_count, delivery.refused_count, delivery.line_count) == (1, 0, 1)
    assert CounsellingSession.objects.get().held_on == date(2026, 4, 2)
    assert Pathway.objects.get().entered_on == date(2026, 4, 2)
    former = FormerFact.objects.get().former
    assert (former["duration_minutes"], former["withdrawal"]) == (55, "NOT_HELD")
    key = ExternalKey.objects.get(kind="SEANCE", external_id="S-1")
    assert (key.withdrawn_at, key.target) == (NOW, Beneficiary.objects.get().uuid)


def test_what_was_withdrawn_is_still_read_among_the_data_of_its_person(operator):
    operator.send(operator.session())
    operator.send(gone("SEANCE", "S-1"))
    person = Beneficiary.objects.get()

    rows = next(manifest for manifest in MANIFESTS if manifest.model is FormerFact).rows(
        Subject(person.uuid, person.pk, None, (), ())
    )

    assert [fact.former["withdrawal"] for fact in rows] == ["SENT_TWICE"]


def test_same_withdrawal_again_changes_nothing(operator):
    operator.send(operator.session())
    operator.send(gone("SEANCE", "S-1"))

    again = operator.send(gone("SEANCE", "S-1"))

    assert (again.same_count, again.withdrawn_count) == (1, 0)
    assert FormerFact.objects.count() == 1


def test_withdrawn_fact_does_not_come_back_under_its_number(operator):
    operator.send(operator.session())
    operator.send(gone("SEANCE", "S-1"))

    back = operator.send(operator.session())
    anew = operator.send(operator.session(id="S-7"))

    assert (refused(back), anew.new_count) == ([(2, "id")], 1)


def test_only_session_takes_its_pathway_with_it_and_the_number_serves_again(operator):
    operator.send(*operator.road())

    operator.send(gone("SEANCE", "S-1"))

    assert not Pathway.objects.exists()
    assert operator.send(operator.session(id="S-2")).new_count == 1


def test_duplicate_withdrawn_makes_room_for_its_twin_in_the_same_file(operator):
    operator.send(operator.session())

    delivery = operator.send(gone("SEANCE", "S-1"), operator.session(id="S-2", niveau="TWO"))

    assert (delivery.withdrawn_count, delivery.new_count, refused(delivery)) == (1, 1, [])
    assert CounsellingSession.objects.get().level == "TWO"


def test_appointment_is_withdrawn_with_its_session_or_not_at_all(operator):
    operator.send(*operator.road())

    alone = operator.send(gone("RENDEZ_VOUS", "R-1"))
    both = operator.send(gone("RENDEZ_VOUS", "R-1"), gone("SEANCE", "S-1"))

    assert (refused(alone), both.withdrawn_count) == ([(2, "id")], 2)
    assert not Appointment.objects.exists()


def test_booked_appointment_withdrawn_leaves_its_request_waiting(operator):
    booked = operator.appointment(demande="D-1", etat="BOOKED", date_heure="2026-12-03 10:00")
    operator.send(operator.request(), booked)

    operator.send(gone("RENDEZ_VOUS", "R-1"))

    assert ServiceRequest.objects.get().state == "REGISTERED"


def test_closing_withdrawn_opens_the_pathway_again(operator):
    operator.send(*operator.road())

    delivery = operator.send(gone("CLOTURE", "C-1"))

    pathway = Pathway.objects.get()
    assert (delivery.withdrawn_count, pathway.state, pathway.closed_at, pathway.outcome) == (
        1,
        "OPEN",
        None,
        "",
    )
    assert FormerFact.objects.get().former["outcome"] == "PROJECT_READY"


def test_request_is_never_withdrawn(operator):
    operator.send(operator.request())

    delivery = operator.send(gone("DEMANDE", "D-1"))

    assert "retrait" in delivery.refused_fields or delivery.refused_count == 1
    assert ServiceRequest.objects.exists()


def test_unknown_number_is_refused(operator):
    assert refused(operator.send(gone("SEANCE", "S-404"))) == [(2, "id")]


def test_frozen_month_keeps_its_facts(operator, monkeypatch):
    only(monkeypatch, FREEZES)
    FREEZES.add(lambda contract_ids: dict.fromkeys(contract_ids, date(2026, 4, 1)))
    operator.send(*operator.road())

    delivery = operator.send(gone("SEANCE", "S-1"), gone("RENDEZ_VOUS", "R-1"), gone("CLOTURE", "C-1"))

    assert delivery.refused_count == 3
    assert CounsellingSession.objects.exists()


def test_frozen_file_keeps_its_facts(operator):
    operator.send(operator.session())
    Beneficiary.objects.update(restricted_at=NOW)

    assert operator.send(gone("SEANCE", "S-1")).refused_count == 1


def test_only_session_of_a_pathway_that_holds_something_else_stays(operator):
    operator.send(operator.session())
    SurveyFactory(pathway=Pathway.objects.get())

    assert refused(operator.send(gone("SEANCE", "S-1"))) == [(2, "id")]


def test_corrected_session_is_withdrawn_with_its_corrections(operator):
    operator.send(operator.session())
    SessionCorrectionFactory(session=CounsellingSession.objects.get())

    assert operator.send(gone("SEANCE", "S-1")).withdrawn_count == 1


def test_trial_withdraws_nothing(operator):
    operator.send(operator.session())

    delivery = operator.send(gone("SEANCE", "S-1"), trial=True)

    assert (delivery.withdrawn_count, CounsellingSession.objects.count()) == (1, 1)
