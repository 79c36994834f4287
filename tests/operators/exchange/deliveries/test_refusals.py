"""Lines that do not stand together, or against what is known: each refused with its field."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.services.erasure import erase_person
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.hooks import FREEZES
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.models import ExternalKey, FormerFact
from operators.network.models import Site
from tests.factories.deliveries import NOW, software
from tests.factories.operators import AppointmentFactory
from tests.factories.procurement import RuleSetFactory
from tests.hooks import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return software()


@pytest.fixture
def frozen_until(monkeypatch):
    """March 2026 and before are closed, as an upper subject would tell."""
    only(monkeypatch, FREEZES)

    def freeze(day):
        FREEZES.add(lambda contract_ids: dict.fromkeys(contract_ids, day))

    return freeze


def refused(delivery) -> list[tuple[int, str]]:
    return [(line.number, line.problems[0]["field"]) for line in delivery.refused_lines.order_by("number")]


def test_number_given_twice_keeps_the_first_line(operator):
    delivery = operator.send(operator.session(), operator.session(duree_minutes="30"))

    assert (delivery.new_count, refused(delivery)) == (1, [(3, "id")])
    assert "ligne 2" in delivery.refused_lines.get().problems[0]["what"]


def test_two_appointments_of_an_adviser_at_once_are_refused(operator):
    delivery = operator.send(
        operator.appointment(), operator.appointment(id="R-2", personne="P-2", date_heure="2026-03-12 10:30")
    )

    assert (delivery.new_count, refused(delivery)) == (1, [(3, "conseiller")])


def test_appointment_over_one_of_the_portal_is_refused(operator):
    booked = AppointmentFactory(adviser=operator.adviser, site=operator.site)
    start = booked.starts_at.isoformat()

    delivery = operator.send(operator.appointment(date_heure=start, etat="BOOKED"))

    assert refused(delivery) == [(2, "conseiller")]


def test_cancelled_appointment_takes_nobody_s_time(operator):
    delivery = operator.send(
        operator.appointment(),
        operator.appointment(id="R-2", etat="CANCELLED", annule_le="2026-03-10 09:00", annule_par="PERSON"),
    )

    assert delivery.new_count == 2
    assert Appointment.objects.filter(state="CANCELLED", cancelled_by="PERSON").count() == 1


def test_what_a_refused_line_would_have_brought_is_missing_for_others(operator):
    delivery = operator.send(
        operator.request(commune="99999"),
        operator.appointment(demande="D-1"),
        operator.session(rendez_vous="R-1"),
        operator.closing(),
    )

    assert refused(delivery) == [(2, "commune"), (3, "demande"), (4, "rendez_vous"), (5, "parcours")]
    assert not Beneficiary.objects.exists()


def test_pathway_belongs_to_one_person(operator):
    delivery = operator.send(operator.session(), operator.session(id="S-2", personne="P-2"))

    assert refused(delivery) == [(3, "parcours")]


def test_second_open_pathway_of_a_person_is_refused(operator):
    operator.send(operator.session())

    delivery = operator.send(operator.session(id="S-2", parcours="A-2", date_heure="2026-04-01 10:00"))

    assert refused(delivery) == [(2, "parcours")]
    assert Pathway.objects.count() == 1


def test_appointment_holds_one_session(operator):
    delivery = operator.send(
        operator.appointment(),
        operator.session(rendez_vous="R-1"),
        operator.session(id="S-2", rendez_vous="R-1"),
    )

    assert refused(delivery) == [(4, "rendez_vous")]


def test_session_over_an_unplanned_one_of_the_portal_is_refused(operator):
    operator.send(operator.session())
    CounsellingSession.objects.update(is_unplanned=True)

    delivery = operator.send(
        operator.session(id="S-2", personne="P-2", parcours="A-2", date_heure="2026-03-12 10:30")
    )

    assert refused(delivery) == [(2, "conseiller")]


@pytest.mark.parametrize(("day", "lines"), [("2026-04-11", []), ("2026-04-12", [(2, "parcours")])])
def test_session_later_than_the_delay_of_the_rule_set_is_another_pathway(operator, day, lines):
    market = operator.site.contract.lot.market
    market.rule_set = RuleSetFactory(params={"reopening": {"days": 30, "ref": "1"}})
    market.save()
    operator.send(*operator.road())  # closed on 12 March

    delivery = operator.send(operator.session(id="S-2", date_heure=f"{day} 09:00"))

    assert refused(delivery) == lines


def test_closing_before_the_first_session_is_refused(operator):
    delivery = operator.send(operator.session(), operator.closing(date_heure="2026-03-01 10:00"))

    assert refused(delivery) == [(3, "date_heure")]


def test_session_to_come_is_refused(operator):
    delivery = operator.send(operator.session(date_heure="2026-12-01 10:00"))

    assert refused(delivery) == [(2, "date_heure")]


@pytest.mark.parametrize(("last_day", "lines"), [(12, []), (11, [(2, "date_heure")])])
def test_session_after_the_last_day_of_the_contract_is_refused(operator, last_day, lines):
    contract = operator.site.contract
    contract.ends_on = date(2026, 3, last_day)
    contract.save()

    assert refused(operator.send(operator.session(date_heure="2026-03-12 10:00"))) == lines


def test_fact_of_a_frozen_month_does_not_change_but_a_late_one_is_taken(operator, frozen_until):
    operator.send(*operator.road())
    frozen_until(date(2026, 4, 1))

    delivery = operator.send(
        operator.session(rendez_vous="R-1", duree_minutes="20"),
        operator.session(id="S-2", niveau="TWO", date_heure="2026-03-12 15:00"),
    )

    assert refused(delivery) == [(2, "date_heure")]
    assert sorted(CounsellingSession.objects.values_list("duration_minutes", flat=True)) == [55, 55]
    assert not FormerFact.objects.exists()


def test_change_into_a_frozen_month_is_refused(operator, frozen_until):
    operator.send(operator.session(date_heure="2026-04-02 10:00"))
    frozen_until(date(2026, 4, 1))

    delivery = operator.send(operator.session(date_heure="2026-03-31 10:00"))

    assert refused(delivery) == [(2, "date_heure")]


def test_change_out_of_a_frozen_month_is_refused(operator, frozen_until):
    operator.send(operator.session(date_heure="2026-03-31 10:00"))
    frozen_until(date(2026, 4, 1))

    delivery = operator.send(operator.session(date_heure="2026-04-02 10:00"))

    assert refused(delivery) == [(2, "date_heure")]


def test_month_of_a_fact_is_that_of_its_place(operator, frozen_until):
    Site.objects.update(zone="Indian/Reunion")
    first_of_april = {"date_heure": "2026-04-01 01:00"}  # still March in Paris
    operator.send(operator.session(**first_of_april))
    frozen_until(date(2026, 4, 1))

    delivery = operator.send(operator.session(**first_of_april, duree_minutes="20"))

    assert (refused(delivery), delivery.changed_count) == ([], 1)


def test_erased_person_does_not_come_back(operator):
    operator.send(*operator.road())
    erase_person(beneficiary=Beneficiary.objects.get(), now=timezone.now(), by=None)

    delivery = operator.send(operator.session(id="S-2"))

    assert refused(delivery) == [(2, "personne")]
    assert not ExternalKey.objects.filter(external_id="P-1").exists()
    assert Beneficiary.objects.count() == 1


def test_frozen_file_takes_nothing_more(operator):
    operator.send(*operator.road())
    Beneficiary.objects.update(restricted_at=NOW)

    delivery = operator.send(operator.session(id="S-2"))

    assert refused(delivery) == [(2, "personne")]


def test_erasing_a_person_takes_the_refused_lines_that_name_it(operator):
    operator.send(*operator.road())
    delivery = operator.send(operator.session(id="S-2", niveau="SIX"))

    erase_person(beneficiary=Beneficiary.objects.get(), now=timezone.now(), by=None)

    assert not delivery.refused_lines.exists()


def test_appointment_of_the_portal_is_held_by_a_delivered_session(operator):
    booked = AppointmentFactory(
        adviser=operator.adviser,
        site=operator.site,
        state="BOOKED",
        starts_at=datetime(2026, 3, 12, 9, 0, tzinfo=UTC),
    )

    delivery = operator.send(
        operator.session(personne=str(booked.beneficiary.uuid), rendez_vous=str(booked.uuid))
    )

    assert refused(delivery) == []
    booked.refresh_from_db()
    assert (booked.state, booked.session.pathway.beneficiary) == ("ATTENDED", booked.beneficiary)
