"""What a booking costs the database: a bench of speed begins with a count of statements."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from operators.booking.agenda import services
from operators.booking.agenda.services import WantedSlot
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.acts import NINE
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("advisers", [1, 4])
def test_statements_of_a_booking_do_not_grow_with_the_team(advisers):
    """RDV-SP PR 5882, PR 6235, PR 6295: a query for each busy time."""
    site = SiteFactory()
    for _ in range(advisers):
        OpeningRuleFactory(adviser__site=site)
    request = ServiceRequestFactory(contract=site.contract)
    person = BeneficiaryFactory()

    with CaptureQueriesContext(connection) as held_in:
        held = services.hold_slot(
            service_request=request,
            contract=site.contract,
            wanted=WantedSlot(site=site, starts_at=NINE, level="ONE", mode="ON_SITE"),
            now=NOW,
        )
    with CaptureQueriesContext(connection) as booked_in:
        services.confirm_hold(appointment=held, beneficiary=person, idempotency_key=uuid.uuid4(), now=NOW)

    # BEGIN and COMMIT count; the load of a team of several is one more. What follows COMMIT is the mail.
    booked = [query["sql"] for query in booked_in]
    assert (len(held_in), booked.index("COMMIT") + 1) == (11 if advisers == 1 else 12, 13)
