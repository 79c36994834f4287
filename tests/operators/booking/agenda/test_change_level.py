"""The level of a booked appointment changes in one act, both ways: the border between levels is soft."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda import services
from operators.booking.agenda.errors import TransitionRefused
from tests.factories.accounts import UserFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, PathwayFactory
from tests.operators.booking.agenda.acts import book, cancel
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


def change(appointment, level, now=NOW):
    return services.change_level(appointment=appointment, level=level, now=now)


def test_level_changes_both_ways_and_the_booking_stands():
    booked = book()
    told = Message.objects.count()

    changed = change(booked, "TWO")
    back = change(changed, "ONE")

    assert (changed.pk, changed.starts_at, changed.adviser) == (booked.pk, booked.starts_at, booked.adviser)
    assert (changed.level, back.level) == ("TWO", "ONE")
    acts = AuditEvent.objects.filter(action="operators.appointment.level_changed").order_by("pk")
    assert [act.data for act in acts] == [{"from": "ONE", "to": "TWO"}, {"from": "TWO", "to": "ONE"}]
    assert Message.objects.count() == told


def test_level_it_has_already_changes_nothing():
    change(book(), "ONE")

    assert not AuditEvent.objects.filter(action="operators.appointment.level_changed").exists()


def test_opening_of_one_level_refuses_nothing():
    assert change(book(OpeningRuleFactory(levels=["ONE"]).site), "TWO").level == "TWO"


def test_level_of_a_cancelled_appointment_stands():
    booked = book()
    cancel(booked)

    with pytest.raises(TransitionRefused):
        change(booked, "TWO", now=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("role", [Role.ADVISER, Role.INTAKE_OFFICER])
def test_level_is_changed_from_the_person_s_page(client, role):
    booked = AppointmentFactory()
    client.force_login(UserFactory(role=role, role__organisation=booked.site.contract.holder))

    answer = client.post(reverse("operators:appointment_level", args=[booked.uuid]), {"level": "TWO"})

    booked.refresh_from_db()
    assert booked.level == "TWO"
    assert answer["Location"] == reverse("operators:caller_detail", args=[booked.beneficiary.uuid])


def test_level_is_changed_from_the_file_and_leads_back_to_it(client):
    booked = AppointmentFactory(level="TWO")
    pathway = PathwayFactory(adviser=booked.adviser, beneficiary=booked.beneficiary)
    client.force_login(booked.adviser.user)

    act = {"level": "ONE", "parcours": str(pathway.uuid)}
    answer = client.post(reverse("operators:appointment_level", args=[booked.uuid]), act)

    booked.refresh_from_db()
    assert booked.level == "ONE"
    assert answer["Location"] == reverse("operators:pathway_detail", args=[pathway.uuid])


@pytest.mark.parametrize("level", ["", "THREE"])
def test_unknown_level_is_404(client, level):
    booked = AppointmentFactory()
    client.force_login(booked.adviser.user)

    answer = client.post(reverse("operators:appointment_level", args=[booked.uuid]), {"level": level})

    assert answer.status_code == 404
