"""The extracts of the demonstration: each state a manager meets."""

from datetime import UTC, datetime

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.demo.dataset.extracts import build_extracts
from operators.exchange.extracts import selectors
from operators.exchange.extracts.models import Extract
from tests.factories.accounts import UserFactory
from tests.factories.operators import SiteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_requests_are_laid_in_each_state_for_the_named_manager(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    holder = SiteFactory().contract.holder
    manager = UserFactory(
        email="responsable@operateurs.example", role=Role.OPERATOR_MANAGER, role__organisation=holder
    )
    follower = UserFactory(email="contrats@pilotage.example", role=Role.CONTRACT_MANAGER)

    build_extracts(now=NOW)

    states = Extract.objects.order_by("asked_at").values_list("kind", "state")
    assert list(states) == [
        ("APPOINTMENTS", "REFUSED"),
        ("ACTIVITY", "READY"),
        ("SESSIONS", "ASKED"),
        ("ACTIVITY", "ASKED"),
    ]
    assert [extract.kind for extract in selectors.to_judge(user=manager)] == ["ACTIVITY"]
    assert [extract.kind for extract in selectors.to_judge(user=follower)] == ["SESSIONS", "ACTIVITY"]
