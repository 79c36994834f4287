import pytest

from cep_portal.accounts.enums import Role
from operators.booking.agenda.presenters.slot_search import slot_value
from tests.factories.accounts import UserFactory
from tests.factories.operators import OpeningRuleFactory
from tests.factories.territories import CommunePostcodeFactory
from tests.operators.booking.agenda.clock import NOW, at


@pytest.fixture
def present(clock):
    """The views read this present: Monday 23 November 2026, 17:00 in Paris."""
    clock.move_to(NOW)
    return NOW


@pytest.fixture
def site():
    """A site of Rennes that receives on Monday mornings; 35000 leads there."""
    site = OpeningRuleFactory().site
    CommunePostcodeFactory(commune=site.commune)
    return site


@pytest.fixture
def officer(site):
    return UserFactory(role=Role.INTAKE_OFFICER, role__organisation=site.contract.holder)


@pytest.fixture
def nine(site):
    """The button of nine o'clock on Monday 30 November."""
    return slot_value(at("2026-11-30 09:00"), site.slug)
