"""What becomes of the lines of a delivery: the facts are those that a page would have written."""

from datetime import UTC, date, datetime

import pytest

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.models import ExternalKey, FormerFact
from operators.exchange.deliveries.services import storage
from tests.factories.deliveries import NOW, software
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory

pytestmark = pytest.mark.django_db


def test_road_of_a_person_becomes_facts_of_the_portal():
    operator = software()

    delivery = operator.send(*operator.road())

    assert list(delivery.refused_lines.values_list("problems", flat=True)) == []
    assert (delivery.state, delivery.line_count, delivery.new_count) == ("DONE", 4, 4)
    person = Beneficiary.objects.get()
    assert (person.first_name, person.last_name, person.email, person.phone) == ("Personne", "P-1", "", "")
    assert person.known_through == operator.organisation
    request = ServiceRequest.objects.get()
    assert request.requested_at == datetime(2026, 3, 2, 17, 40, tzinfo=UTC)
    assert (request.state, request.needs) == ("SERVED", ["TAKE_STOCK", "TRAINING"])
    assert request.contract == operator.site.contract
    appointment = Appointment.objects.get()
    assert (appointment.state, appointment.channel) == ("ATTENDED", "SOFTWARE")
    assert (appointment.service_request, appointment.beneficiary) == (request, person)
    pathway = Pathway.objects.get()
    assert (pathway.entered_on, pathway.state, pathway.outcome) == (
        date(2026, 3, 12),
        "CLOSED",
        "PROJECT_READY",
    )
    assert (pathway.region, pathway.service_request) == (operator.site.commune.department.region, request)
    session = CounsellingSession.objects.get()
    assert (session.pathway, session.appointment, session.adviser) == (pathway, appointment, operator.adviser)
    assert (session.held_on, session.duration_minutes, session.recorded_at) == (date(2026, 3, 12), 55, NOW)
    assert session.themes == ["SITUATION", "PROJECT"]
    assert ExternalKey.objects.count() == 6


def test_order_of_lines_is_free():
    operator = software()

    delivery = operator.send(*reversed(operator.road()))

    assert (delivery.new_count, delivery.refused_count) == (4, 0)
    assert CounsellingSession.objects.get().appointment == Appointment.objects.get()


def test_same_delivery_twice_adds_nothing():
    operator = software()
    operator.send(*operator.road())

    again = operator.send(*operator.road())

    assert (again.same_count, again.new_count, again.changed_count, again.refused_count) == (4, 0, 0, 0)
    assert [model.objects.count() for model in (Beneficiary, ServiceRequest, Appointment, Pathway)] == [1] * 4
    assert CounsellingSession.objects.count() == 1


def test_changed_session_is_updated_and_its_former_value_kept():
    operator = software()
    operator.send(*operator.road())

    again = operator.send(operator.session(rendez_vous="R-1", duree_minutes="40", niveau="TWO"))

    assert (again.changed_count, again.refused_count) == (1, 0)
    session = CounsellingSession.objects.get()
    assert (session.duration_minutes, session.level, session.recorded_at) == (40, "TWO", NOW)
    former = FormerFact.objects.get()
    assert (former.former["duration_minutes"], former.former["level"]) == (55, "ONE")
    assert former.delivery == again


def test_session_typed_in_the_portal_is_corrected_by_its_identifier():
    operator = software()
    held = CounsellingSessionFactory(pathway=PathwayFactory(adviser=operator.adviser))
    line = operator.session(
        id=str(held.uuid),
        personne=str(held.pathway.beneficiary.uuid),
        parcours=str(held.pathway.uuid),
        date_heure=held.starts_at.isoformat(),
        duree_minutes="25",
        correction="TIME",
    )
    AppointmentFactory(adviser=operator.adviser, site=operator.site, beneficiary=held.pathway.beneficiary)

    delivery, again = operator.send(line), operator.send(line)

    held.refresh_from_db()
    assert (delivery.changed_count, again.same_count, held.duration_minutes) == (1, 1, 25)
    correction = held.corrections.get()
    assert (correction.former["duration_minutes"], correction.reason, correction.channel) == (
        60,
        "TIME",
        "FILE",
    )


def test_changed_appointment_moves_the_time_it_takes():
    operator = software()
    operator.send(operator.appointment(etat="BOOKED", date_heure="2026-12-03 10:00"))

    operator.send(operator.appointment(etat="BOOKED", date_heure="2026-12-03 14:00"))

    appointment = Appointment.objects.get()
    assert appointment.starts_at == datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    assert FormerFact.objects.get().former["state"] == "BOOKED"


def test_changed_request_is_refused_since_its_instant_never_changes():
    operator = software()
    operator.send(operator.request())

    again = operator.send(operator.request(date_heure="2026-03-01 09:00"))

    assert again.refused_count == 1
    assert again.refused_lines.get().problems[0]["field"] == "id"
    assert ServiceRequest.objects.get().requested_at == datetime(2026, 3, 2, 17, 40, tzinfo=UTC)


def test_session_of_a_booked_appointment_honours_it_and_serves_the_request():
    operator = software()
    operator.send(operator.request(), operator.appointment(demande="D-1", etat="BOOKED"))
    assert ServiceRequest.objects.get().state == "SCHEDULED"

    operator.send(operator.session(rendez_vous="R-1"))

    assert Appointment.objects.get().state == "ATTENDED"
    assert ServiceRequest.objects.get().state == "SERVED"


def test_session_after_the_closing_reopens_the_pathway_and_counts_one_entry():
    operator = software()
    operator.send(*operator.road())

    operator.send(operator.session(id="S-2", date_heure="2026-05-04 09:00"))

    pathway = Pathway.objects.get()
    assert (pathway.state, pathway.closed_at, pathway.outcome) == ("OPEN", None, "")
    assert pathway.reopened_at == datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    assert pathway.entered_on == date(2026, 3, 12)


def test_earlier_session_sent_later_moves_the_entry_and_reopens_nothing():
    operator = software()
    operator.send(*operator.road())

    operator.send(operator.session(id="S-0", date_heure="2026-02-27 09:00"))

    pathway = Pathway.objects.get()
    assert (pathway.state, pathway.entered_on) == ("CLOSED", date(2026, 2, 27))


def test_second_pathway_comes_with_the_closing_of_the_first():
    operator = software()
    operator.send(operator.session())

    operator.send(
        operator.closing(),
        operator.session(id="S-2", parcours="A-2", date_heure="2026-06-01 09:00"),
    )

    states = Pathway.objects.order_by("entered_on").values_list("state", flat=True)
    assert list(states) == ["CLOSED", "OPEN"]


def test_delivery_leaves_one_line_in_the_journal_without_personal_data():
    operator = software()

    delivery = operator.send(*operator.road())

    line = AuditEvent.objects.get(action="operators.delivery.taken")
    assert (line.target_id, line.data) == (delivery.pk, {"lines": 4, "refused": 0})


@pytest.mark.parametrize(("content", "state"), [(None, "DONE"), (b"no heading\n", "REFUSED")])
def test_bytes_of_a_delivery_are_gone_once_read(django_capture_on_commit_callbacks, content, state):
    operator = software()

    with django_capture_on_commit_callbacks(execute=True):
        delivery = operator.send(*operator.road()) if content is None else operator.send_bytes(content)

    assert (delivery.state, storage.path_of(delivery).exists()) == (state, False)


def test_trial_writes_no_fact_and_tells_the_same():
    operator = software()

    delivery = operator.send(*operator.road(), operator.session(id="S-9", niveau="THREE"), trial=True)

    assert (delivery.new_count, delivery.refused_count) == (4, 1)
    assert not Beneficiary.objects.exists()
    assert not ExternalKey.objects.exists()
