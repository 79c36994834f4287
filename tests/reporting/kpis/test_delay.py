"""The delay to the first session counts whole local days, and never goes below none."""

from datetime import UTC, datetime

import pytest

from operators.booking.agenda.enums import AppointmentState
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.reporting.kpis.test_services import adviser_in, compute, stored

pytestmark = pytest.mark.django_db
ASKED = datetime(2026, 10, 12, 21, 0, tzinfo=UTC)  # already the 13th in La Réunion, still the 12th in Paris


@pytest.mark.parametrize(
    ("starts_at", "days"),
    [
        (datetime(2026, 10, 12, 9, tzinfo=UTC), 0),  # written down after the session had been held
        (datetime(2026, 10, 13, 9, tzinfo=UTC), 0),
        (datetime(2026, 10, 15, 9, tzinfo=UTC), 2),
    ],
)
def test_delay_is_never_negative_rdvi_pr_1648(starts_at, days):
    adviser = adviser_in("04", "974", zone="Indian/Reunion")
    request = ServiceRequestFactory(
        contract=adviser.site.contract, commune=adviser.site.commune, requested_at=ASKED
    )
    pathway = PathwayFactory(adviser=adviser, service_request=request)
    appointment = AppointmentFactory(
        adviser=adviser,
        service_request=request,
        beneficiary=pathway.beneficiary,
        starts_at=starts_at,
        state=AppointmentState.ATTENDED,
    )
    CounsellingSessionFactory(pathway=pathway, starts_at=starts_at, appointment=appointment)

    compute()

    assert stored("first_appointment_days") == {(adviser.site.contract_id, "04"): (days, 1)}
