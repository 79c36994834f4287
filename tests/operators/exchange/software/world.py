"""The story that the examples of the description tell, in the database: they can be played as they are."""

from datetime import timedelta

from operators.exchange.software.api import examples
from tests.clock import moved_day
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.deliveries import DataDeliveryFactory
from tests.factories.operators import (
    ApiClientFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    OpeningRuleFactory,
    PathwayFactory,
)
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.operators.booking.agenda.clock import NOW, at


def tell_the_story():
    """A site that receives on Mondays, somebody who just came, a software with every right."""
    site = OpeningRuleFactory(adviser__site__uuid=examples.SITE).site
    adviser, contract = site.advisers.get(), site.contract
    person = BeneficiaryFactory(uuid=examples.PERSON)
    asked = ServiceRequestFactory(
        reference=examples.REFERENCE, contract=contract, beneficiary=person, commune=site.commune
    )
    AppointmentFactory(
        uuid=examples.APPOINTMENT,
        adviser=adviser,
        starts_at=at("2026-11-23 15:00"),
        beneficiary=person,
        service_request=asked,
    )
    AppointmentFactory(uuid=examples.MOVED, adviser=adviser, starts_at=at("2026-12-07 09:00"))
    pathway = PathwayFactory(
        uuid=examples.PATHWAY,
        adviser=adviser,
        beneficiary=person,
        service_request=asked,
        entered_on=moved_day("2026-11-02"),
    )
    CounsellingSessionFactory(uuid=examples.SESSION, pathway=pathway, starts_at=NOW - timedelta(days=21))
    DataDeliveryFactory(uuid=examples.DELIVERY, organisation=contract.holder)
    KpiValueFactory(run=KpiRunFactory(), contract=contract, region=site.commune.department.region)
    return ApiClientFactory(organisation=contract.holder)
