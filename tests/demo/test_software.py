"""The software of the demonstration: what a manager meets on the page of integrations."""

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.demo.dataset.software import build_software
from operators.exchange.software.models import ApiClient
from tests.factories.accounts import UserFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


def test_one_software_works_and_one_was_stopped():
    manager = UserFactory(email="responsable@operateurs.example", role=Role.OPERATOR_MANAGER)

    build_software(now=NOW)

    own = ApiClient.objects.filter(organisation=manager.mandates.get().organisation)
    assert {client.name: client.revoked_at is None for client in own} == {
        "Ancien agenda": False,
        "Logiciel de suivi": True,
    }
    assert all(client.last_used_at for client in own)
