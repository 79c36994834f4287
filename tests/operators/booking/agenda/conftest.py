import pytest

from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW


@pytest.fixture
def present(clock):
    """The views read this present: Monday 23 November 2026, 17:00 in Paris."""
    clock.move_to(NOW)
    return NOW


@pytest.fixture
def site():
    return OpeningRuleFactory().site


@pytest.fixture
def adviser(site):
    return site.advisers.get()


@pytest.fixture
def service_request(site):
    return ServiceRequestFactory(contract=site.contract)


@pytest.fixture
def client_class(client):
    return type(client)
