"""Every factory makes a row that the database accepts, alone and twice."""

from datetime import date

import pytest

from tests.factories import (
    accounts,
    beneficiaries,
    operators,
    procurement,
    reporting,
)

FACTORIES = [
    accounts.OrganisationFactory,
    accounts.UserFactory,
    accounts.MandateFactory,
    procurement.ContractFactory,
    procurement.CommitmentVersionFactory,
    procurement.PenaltyFactory,
    beneficiaries.ServiceRequestFactory,
    operators.OpeningRuleFactory,
    operators.AbsenceFactory,
    operators.AppointmentFactory,
    operators.CounsellingSessionFactory,
    reporting.SurveyFactory,
    reporting.KpiValueFactory,
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_factory_makes_valid_rows(factory):
    first, second = factory.create_batch(2)

    first.refresh_from_db()
    assert first.pk != second.pk


@pytest.mark.django_db
def test_session_day_is_local():
    session = operators.CounsellingSessionFactory(
        zone="Indian/Reunion",
        starts_at=operators.MONDAY_NINE.replace(hour=21),
        recorded_at=operators.MONDAY_NINE.replace(day=1, month=12),
    )
    session.refresh_from_db()

    assert session.held_on == date(2026, 12, 1)
