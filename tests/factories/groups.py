import uuid
from datetime import timedelta

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory

from operators.booking.groups.enums import GroupTopic
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.network.enums import Mode
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.dates import instant
from tests.factories.operators import AdviserFactory


class GroupSessionFactory(DjangoModelFactory):
    """Monday 30 November 2026 from 9:00 to 10:00 in Paris, ten places; `starts_at=` moves it."""

    class Meta:
        model = GroupSession
        exclude = ["starts_at"]

    class Params:
        cancelled = factory.Trait(state="CANCELLED", cancelled_at=instant("2026-11-23 11:00"))

    starts_at = instant("2026-11-30 09:00")
    adviser = factory.SubFactory(AdviserFactory)
    site = factory.SelfAttribute("adviser.site")
    topic = GroupTopic.DISCOVER
    mode = Mode.ON_SITE
    period = factory.LazyAttribute(
        lambda row: DateTimeTZRange(row.starts_at, row.starts_at + timedelta(hours=1))
    )
    busy_period = factory.LazyAttribute(
        lambda row: DateTimeTZRange(row.starts_at, row.starts_at + timedelta(minutes=75))
    )
    capacity = 10
    created_at = instant("2026-11-02 09:00")


class GroupPlaceFactory(DjangoModelFactory):
    class Meta:
        model = GroupPlace

    class Params:
        cancelled = factory.Trait(
            state="CANCELLED", cancelled_at=instant("2026-11-23 11:00"), cancelled_by="PERSON"
        )

    session = factory.SubFactory(GroupSessionFactory)
    beneficiary = factory.SubFactory(BeneficiaryFactory)
    service_request = factory.SubFactory(
        ServiceRequestFactory,
        contract=factory.SelfAttribute("..session.site.contract"),
        beneficiary=factory.SelfAttribute("..beneficiary"),
    )
    idempotency_key = factory.LazyFunction(uuid.uuid4)
    booked_at = instant("2026-11-20 09:00")
