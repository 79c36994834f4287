import pytest

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.operators.reception.calls.conftest import nine, present, site

__all__ = ["nine", "partner", "present", "site"]


@pytest.fixture
def partner():
    return UserFactory(role=Role.PARTNER)
