"""The same fact twice, two at once, dates that cannot be: in a file, across files, against the portal."""

from datetime import timedelta

import pytest

from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from tests.factories.deliveries import software
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return software()


def refused(delivery) -> list[tuple[int, str]]:
    return [(line.number, line.problems[0]["field"]) for line in delivery.refused_lines.order_by("number")]


def what(delivery) -> str:
    return delivery.refused_lines.first().problems[0]["what"]


# Beside the session of 10:05 to 11:00 of P-1: whose is the other one, when, and which field is refused.
OVERLAPS = [
    ({"personne": "P-2", "parcours": "A-2", "date_heure": "2026-03-12 10:30"}, "conseiller"),
    ({"personne": "P-2", "parcours": "A-2", "date_heure": "2026-03-12 09:30"}, "conseiller"),
    ({"personne": "P-2", "parcours": "A-2", "date_heure": "2026-03-12 11:00"}, None),
    ({"conseiller": "other", "date_heure": "2026-03-12 09:30"}, "personne"),
    ({"conseiller": "other", "date_heure": "2026-03-12 11:00"}, None),
]


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize(("cells", "field"), OVERLAPS)
def test_two_sessions_at_once_are_refused_in_a_file_and_across_files(operator, files, cells, field):
    other = AdviserFactory(site=operator.site)
    cells = cells | ({"conseiller": str(other.uuid)} if "conseiller" in cells else {})
    lines = [operator.session(), operator.session(id="S-2", **cells)]

    for sent in [lines] if files == 1 else [lines[:1], lines[1:]]:
        delivery = operator.send(*sent)

    assert [named for _, named in refused(delivery)] == ([field] if field else [])


def test_session_over_one_of_the_portal_is_refused_for_the_adviser(operator):
    held = CounsellingSessionFactory(pathway=PathwayFactory(adviser=operator.adviser))
    at = (held.starts_at + timedelta(minutes=30)).isoformat()

    assert refused(operator.send(operator.session(date_heure=at))) == [(2, "conseiller")]


def test_session_over_one_of_the_portal_is_refused_for_the_person(operator):
    operator.send(operator.session())
    pathway = CounsellingSession.objects.get().pathway
    another = AdviserFactory(site=operator.site)
    held = CounsellingSessionFactory(pathway=pathway, adviser=another)
    at = (held.starts_at - timedelta(minutes=30)).isoformat()

    assert refused(operator.send(operator.session(id="S-2", date_heure=at))) == [(2, "personne")]


@pytest.mark.parametrize("kind", ["request", "appointment", "session"])
@pytest.mark.parametrize("files", [1, 2])
def test_same_fact_under_a_new_number_is_asked_about(operator, kind, files):
    line = getattr(operator, kind)
    first, second = line(), line(id="X-9")

    for sent in [[first, second]] if files == 1 else [[first], [second]]:
        delivery = operator.send(*sent)

    assert [field for _, field in refused(delivery)] == ["id"]
    assert what(delivery).startswith(f"Même personne, même jour, même heure que votre n° {first['id']}")
    assert what(delivery).endswith(": confirmez ou corrigez.")


@pytest.mark.parametrize("files", [1, 2])
def test_two_facts_that_are_two_are_taken_once_confirmed(operator, files):
    first = operator.session(duree_minutes="10")
    second = operator.session(id="S-2", duree_minutes="10", date_heure="2026-03-12 10:40")

    for sent in [[first, second]] if files == 1 else [[first], [second]]:
        asked = operator.send(*sent)
    confirmed = operator.send(second | {"distinct_de": "S-1"})

    assert [field for _, field in refused(asked)] == ["id"]
    assert (confirmed.new_count, refused(confirmed)) == (1, [])


def test_confirming_does_not_let_two_sessions_be_at_once(operator):
    operator.send(operator.session())

    delivery = operator.send(operator.session(id="S-2", distinct_de="S-1"))

    assert refused(delivery) == [(2, "conseiller")]
    assert CounsellingSession.objects.count() == 1


def test_what_the_portal_holds_is_asked_about_too(operator):
    operator.send(operator.session())
    held = CounsellingSessionFactory(pathway=CounsellingSession.objects.get().pathway)

    delivery = operator.send(operator.session(id="S-2", date_heure=held.starts_at.isoformat()))
    confirmed = operator.send(
        operator.session(id="S-2", date_heure=held.starts_at.isoformat(), distinct_de=str(held.uuid))
    )

    assert (refused(delivery), refused(confirmed)) == ([(2, "id")], [(2, "conseiller")])
    assert "ce que le portail tient déjà" in what(delivery)


def test_slot_cancelled_and_taken_again_is_two_facts(operator):
    cancelled = operator.appointment(etat="CANCELLED", annule_le="2026-03-10 09:00", annule_par="PERSON")

    delivery = operator.send(cancelled, operator.appointment(id="R-2"))

    assert (delivery.new_count, refused(delivery)) == (2, [])


def test_closing_twice_on_one_day_is_asked_about(operator):
    operator.send(*operator.road())

    delivery = operator.send(operator.closing(id="C-2", date_heure="2026-03-12 11:30"))

    assert refused(delivery) == [(2, "id")]
    assert "votre n° C-1" in what(delivery)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"pris_le": "2026-03-12 10:01"}, "pris_le"),
        ({"pris_le": "2026-03-13 09:00"}, "pris_le"),
        ({"pris_le": "2026-03-12 10:00"}, None),
        ({"pris_le": "2026-03-02 18:39", "demande": "D-1"}, "demande"),
        ({"pris_le": "2026-03-02 18:40", "demande": "D-1"}, None),
    ],
)
@pytest.mark.parametrize("files", [1, 2])
def test_appointment_is_asked_for_then_taken_then_held(operator, cells, field, files):
    lines = [operator.request(), operator.appointment(**cells)]

    for sent in [lines] if files == 1 else [lines[:1], lines[1:]]:
        delivery = operator.send(*sent)

    assert [named for _, named in refused(delivery)] == ([field] if field else [])


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize(
    ("day", "field"), [("2026-03-13", "date_heure"), ("2026-03-11", "date_heure"), ("2026-03-12", None)]
)
def test_session_is_on_the_day_of_its_appointment(operator, day, field, files):
    lines = [
        operator.appointment(pris_le="2026-03-01 10:00"),
        operator.session(rendez_vous="R-1", date_heure=f"{day} 15:00"),
    ]

    for sent in [lines] if files == 1 else [lines[:1], lines[1:]]:
        delivery = operator.send(*sent)

    assert [named for _, named in refused(delivery)] == ([field] if field else [])


def test_appointment_moved_away_from_its_session_is_refused(operator):
    operator.send(operator.appointment(), operator.session(rendez_vous="R-1"))

    delivery = operator.send(operator.appointment(date_heure="2026-03-19 10:00"))

    assert refused(delivery) == [(2, "date_heure")]


def test_empty_cell_erases_no_link(operator):
    operator.send(*operator.road())

    appointment = operator.send(operator.appointment(niveau="TWO"))
    session = operator.send(operator.session(duree_minutes="40"))

    assert (appointment.changed_count, session.changed_count) == (1, 1)
    booked = Appointment.objects.get()
    assert booked.service_request is not None
    assert CounsellingSession.objects.get().appointment == booked


def test_empty_cell_keeps_the_order_of_dates_judged(operator):
    operator.send(operator.request(), operator.appointment(demande="D-1"))

    delivery = operator.send(operator.appointment(pris_le="2026-03-01 10:00"))

    assert refused(delivery) == [(2, "demande")]
