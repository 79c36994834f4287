from datetime import datetime

import factory
from factory.django import DjangoModelFactory

from beneficiaries.complaints.enums import ComplaintTopic
from beneficiaries.complaints.models import Complaint
from beneficiaries.request.enums import CommuneBasis, Need, Situation
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.common.days import months_later
from tests.factories.dates import instant, on_day
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory

REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


KNOWN_AT = instant("2026-01-05 10:00")


class BeneficiaryFactory(DjangoModelFactory):
    class Meta:
        model = Beneficiary

    first_name = "Dominique"
    last_name = factory.Sequence(lambda n: f"Durand {n}")
    email = factory.Sequence(lambda n: f"dominique{n}@exemple.example")
    email_verified_at = factory.Maybe("email", KNOWN_AT, None)
    created_at = KNOWN_AT
    contact_proved_at = factory.SelfAttribute("created_at")

    class Params:
        by_phone = factory.Trait(
            email="",
            phone=factory.Sequence(lambda n: f"06 39 98 {n // 100 % 100:02d} {n % 100:02d}"),
            phone_verified_at=KNOWN_AT,
        )


def freeze(person: Beneficiary, at: datetime) -> None:
    """Freeze the file of a person who has rows already: the database lets none be added afterwards."""
    Beneficiary.objects.filter(pk=person.pk).update(restricted_at=at)
    person.restricted_at = at


class ServiceRequestFactory(DjangoModelFactory):
    """A request registered in Rennes; `beneficiary=` attaches the person."""

    class Meta:
        model = ServiceRequest

    reference = factory.Sequence(lambda n: f"{n:012d}")
    requested_at = instant("2026-11-02 09:30")
    known_from = factory.SelfAttribute("requested_at")
    situation = Situation.EMPLOYEE
    commune = factory.SubFactory(CommuneFactory)
    commune_basis = CommuneBasis.HOME
    needs = factory.LazyFunction(lambda: [Need.CHANGE_JOB])
    access_needs = factory.LazyFunction(list)
    contract = factory.SubFactory(ContractFactory)


class ComplaintFactory(DjangoModelFactory):
    """Received on 2 November 2026, due on 2 December; nobody signed in."""

    class Meta:
        model = Complaint

    reference = factory.Sequence(lambda n: f"C{n:011d}")
    received_at = instant("2026-11-02 09:30")
    received_on = on_day("2026-11-02")
    answer_due_on = factory.LazyAttribute(lambda complaint: months_later(complaint.received_on, 1))
    mediator_until_on = factory.LazyAttribute(lambda complaint: months_later(complaint.received_on, 12))
    contract = factory.SubFactory(ContractFactory)
    topic = ComplaintTopic.DELAY
    text = "J’attends un rendez-vous depuis six semaines."
    first_name = "Dominique"
    last_name = factory.Sequence(lambda n: f"Durand {n}")
    email = factory.Sequence(lambda n: f"plainte{n}@exemple.example")
