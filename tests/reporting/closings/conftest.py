from datetime import UTC, date, datetime

import pytest

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from reporting.closings import services
from reporting.closings.models import Closing
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.reporting import SurveyFactory
from tests.factories.territories import EmployedPopulationFactory, RegionFactory

FIRST_OF_NOVEMBER = datetime(2026, 11, 1, 3, tzinfo=UTC)
DURING_CONTEST = datetime(2026, 11, 23, 9, tzinfo=UTC)
FREEZE_DAY = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def contract(db):
    region = RegionFactory()
    EmployedPopulationFactory(region=region, total=100_000)
    return ContractFactory(lot__regions=[region])


@pytest.fixture
def adviser(contract):
    return AdviserFactory(site=SiteFactory(contract=contract))


@pytest.fixture
def facts(adviser):
    """October of a contract: three pathways, one at level two, one appointment missed of two, one answer."""
    sessions = [
        CounsellingSessionFactory(
            pathway__adviser=adviser,
            pathway__entered_on=date(2026, 10, day),
            starts_at=datetime(2026, 10, day, 8, tzinfo=UTC),
        )
        for day in (5, 6, 7)
    ]
    for number, state in enumerate((AppointmentState.ATTENDED, AppointmentState.NO_SHOW)):
        starts_at = datetime(2026, 10, 12 + number, 8, tzinfo=UTC)
        AppointmentFactory(adviser=adviser, state=state, starts_at=starts_at)
    SurveyFactory(
        pathway=sessions[0].pathway,
        answered_at=datetime(2026, 10, 21, 8, tzinfo=UTC),
        answered_on="2026-10-21",
        satisfaction=4,
    )
    return sessions


@pytest.fixture
def people(contract):
    roles = (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER)
    users = {role: UserFactory(role=role) for role in roles}
    users[Role.OPERATOR_MANAGER] = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)
    return users


@pytest.fixture
def october(contract):
    """October, opened by the clock on the first of November."""
    services.open_closings(now=FIRST_OF_NOVEMBER)
    return Closing.objects.get(contract=contract)


@pytest.fixture
def provisional(october):
    services.advance_closings(now=DURING_CONTEST)
    october.refresh_from_db()
    return october


@pytest.fixture
def contested(provisional):
    services.advance_closings(now=datetime(2026, 11, 27, 4, tzinfo=UTC))
    provisional.refresh_from_db()
    return provisional


@pytest.fixture
def frozen(contested, facts, people):
    return services.freeze_month(closing=contested, by=people[Role.ANALYST], now=FREEZE_DAY)


def second_mandate(user, role):
    """The same person under another mandate."""
    return MandateFactory(role=role, user=user)
