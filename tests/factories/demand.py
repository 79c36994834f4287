import factory
from factory.django import DjangoModelFactory

from operators.booking.demand.models import CallBack, EarlierAlert, SlotOffer, WaitingEntry
from operators.network.enums import Mode, ServiceLevel
from tests.clock import moved
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.dates import instant, on_day
from tests.factories.operators import AppointmentFactory, SiteFactory

ASKED = moved("2026-11-20 10:00")


class CallBackFactory(DjangoModelFactory):
    class Meta:
        model = CallBack

    service_request = factory.SubFactory(ServiceRequestFactory)
    name = "Dominique"
    phone = "06 39 98 00 00"
    level = ServiceLevel.ONE
    modes = factory.LazyFunction(lambda: [Mode.ON_SITE])
    asked_at = instant("2026-11-20 10:00")
    promised_on = on_day("2026-11-23")


class WaitingEntryFactory(DjangoModelFactory):
    """Somebody who waits at a site, on site, level 1, at any hour; `site=` says where."""

    class Meta:
        model = WaitingEntry

    site = factory.SubFactory(SiteFactory)
    contract = factory.SelfAttribute("site.contract")
    beneficiary = factory.SubFactory(BeneficiaryFactory)
    service_request = factory.SubFactory(
        ServiceRequestFactory,
        contract=factory.SelfAttribute("..contract"),
        beneficiary=factory.SelfAttribute("..beneficiary"),
    )
    level = ServiceLevel.ONE
    modes = factory.LazyFunction(lambda: [Mode.ON_SITE])
    created_at = instant("2026-11-20 10:00")
    queued_at = factory.SelfAttribute("created_at")


class EarlierAlertFactory(DjangoModelFactory):
    class Meta:
        model = EarlierAlert

    appointment = factory.SubFactory(AppointmentFactory)
    beneficiary = factory.SelfAttribute("appointment.beneficiary")
    created_at = instant("2026-11-20 10:00")


class SlotOfferFactory(DjangoModelFactory):
    """A slot kept for somebody who waits, for the day that the default present leaves."""

    class Meta:
        model = SlotOffer

    entry = factory.SubFactory(WaitingEntryFactory)
    beneficiary = factory.SelfAttribute("entry.beneficiary")
    appointment = factory.SubFactory(
        AppointmentFactory,
        adviser__site=factory.SelfAttribute("...entry.site"),
        service_request=factory.SelfAttribute("..entry.service_request"),
        on_hold=True,
        is_offer=True,
    )
    made_at = instant("2026-11-20 10:00")
    expires_at = factory.SelfAttribute("appointment.hold_expires_at")
