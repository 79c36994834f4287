"""An adviser who left stays in the story of each person: nothing of theirs breaks (RDV-SP PR 3541)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.operators.booking.agenda.road import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY))


@pytest.fixture
def departed(person):
    """The adviser of a session held and of one to come, whose account was then stopped."""
    adviser = AdviserFactory(user__first_name="Solenn", user__last_name="Partie")
    now = timezone.now()
    held = AppointmentFactory(
        adviser=adviser,
        beneficiary=person,
        starts_at=now - timedelta(weeks=1),
        booked_at=now - timedelta(weeks=2),
        state=AppointmentState.ATTENDED,
    )
    CounsellingSessionFactory(
        pathway=PathwayFactory(adviser=adviser, beneficiary=person),
        appointment=held,
        starts_at=held.starts_at,
    )
    AppointmentFactory(adviser=adviser, beneficiary=person, starts_at=now + timedelta(weeks=1))
    adviser.user.mandates.update(ends_on=now.date() - timedelta(days=1))
    adviser.is_active = adviser.user.is_active = False
    adviser.save()
    adviser.user.save()
    return adviser


def test_pages_of_the_person_stand_when_the_adviser_left_rdvsp_pr_3541(client, person, departed):
    links = [page_of(appointment) for appointment in departed.appointments.all()]
    client.force_login(person.user)

    own = [reverse("beneficiaries:space"), "/mon-espace/rendez-vous/", reverse("beneficiaries:openings")]
    answers = {path: client.get(path).status_code for path in links + own}

    assert answers == dict.fromkeys(links + own, 200)


def test_colleagues_still_open_the_file_of_who_left(client, departed):
    colleague = AdviserFactory(site=departed.site)
    pathway = departed.pathways.get()
    client.force_login(colleague.user)

    page = client.post(
        reverse("operators:file_reason", args=[pathway.uuid]), {"kind": "HAND_OVER"}, follow=True
    )

    assert page.status_code == 200
    assert "Solenn Partie" in page.text


def test_adviser_with_appointments_is_never_deleted_rdvsp_pr_3541(departed):
    for row in (departed.user, departed):
        with pytest.raises(ProtectedError):
            row.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
            cursor.execute("DELETE FROM operators_adviser WHERE id = %s", [departed.pk])
