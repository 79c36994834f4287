import pytest

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW


@pytest.fixture
def present(clock):
    """The views read this present: Monday 23 November 2026, 17:00 in Paris."""
    clock.move_to(NOW)
    return NOW


@pytest.fixture
def adviser():
    return OpeningRuleFactory().adviser


@pytest.fixture
def manager(adviser):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)
