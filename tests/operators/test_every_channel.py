"""One service whatever the channel: the same row, the same line, the same message, the same refusals."""

import json
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from beneficiaries.request.services import RequestFacts
from beneficiaries.request.services.callers import CallerDetails
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import WantedSlot, confirm_hold, hold_slot
from operators.exchange.software.rules import Key, trace_of
from operators.exchange.software.services import book_by_software
from operators.reception.calls.services import book_for_caller
from operators.reception.partners.services import book_with_partner
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import ApiClientFactory, OpeningRuleFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db
PERSON = {"first_name": "Gwenn", "last_name": "Tanguy", "email": "gwenn@exemple.example", "phone": ""}
NINE = at("2026-11-30 09:00")


def held(site, request, channel, starts_at, now):
    return hold_slot(
        service_request=request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="ON_SITE"),
        now=now,
        channel=channel,
    )


def agent(site, role):
    return UserFactory(role=role, role__organisation=site.contract.holder)


def asked(site):
    return ServiceRequestFactory(contract=site.contract, commune=site.commune)


def alone(site, starts_at, now):
    """The person's own road ends here, once the code is copied."""
    request = asked(site)
    person = BeneficiaryFactory(**PERSON)
    hold = held(site, request, Channel.PERSON, starts_at, now)
    return confirm_hold(appointment=hold, beneficiary=person, idempotency_key=uuid.uuid4(), now=now)


def by_telephone(site, starts_at, now, role=Role.INTAKE_OFFICER, channel=Channel.INTAKE_OFFICER):
    hold = held(site, asked(site), channel, starts_at, now)
    return book_for_caller(
        hold=hold,
        known=None,
        agreed=True,
        idempotency_key=uuid.uuid4(),
        by=agent(site, role),
        now=now,
        caller=CallerDetails(**PERSON),
    )


def by_adviser(site, starts_at, now):
    return by_telephone(site, starts_at, now, role=Role.ADVISER, channel=Channel.ADVISER)


def by_partner(site, starts_at, now):
    hold = held(site, asked(site), Channel.PARTNER, starts_at, now)
    return book_with_partner(
        hold=hold,
        beneficiary=BeneficiaryFactory(**PERSON),
        idempotency_key=uuid.uuid4(),
        by=UserFactory(role=Role.PARTNER),
        now=now,
    ).appointment


def by_software(site, starts_at, now):
    booked, _ = book_by_software(
        client=ApiClientFactory(organisation=site.contract.holder),
        key=Key("dossier-1", trace_of(starts_at)),
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="ON_SITE"),
        facts=RequestFacts(
            commune=site.commune,
            commune_basis="HOME",
            situation="EMPLOYEE",
            needs=["CHANGE_JOB"],
            access_needs=[],
            urgency="NO_HURRY",
        ),
        person=PERSON,
        now=now,
    )
    return booked


EVERY = {
    Channel.PERSON: alone,
    Channel.INTAKE_OFFICER: by_telephone,
    Channel.ADVISER: by_adviser,
    Channel.PARTNER: by_partner,
    Channel.SOFTWARE: by_software,
}


@pytest.fixture
def site():
    return OpeningRuleFactory().site


def test_every_channel_is_covered():
    assert set(EVERY) == set(Channel)


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_writes_the_same_facts(site, channel):
    booked = EVERY[channel](site, NINE, NOW)

    row = Appointment.objects.get()
    assert booked == row
    assert (row.state, row.channel, row.starts_at, row.ends_at - row.starts_at) == (
        AppointmentState.BOOKED,
        channel,
        NINE,
        timedelta(hours=1),
    )
    assert (row.level, row.mode, row.booked_at, row.site) == ("ONE", "ON_SITE", NOW, site)
    assert (row.beneficiary.full_name, row.service_request.state) == ("Gwenn Tanguy", RequestState.SCHEDULED)
    line = AuditEvent.objects.get(action="operators.appointment.booked")
    assert (line.target_id, line.data) == (row.pk, {"channel": channel})


def what_is_written(site, channel):
    EVERY[channel](site, NINE, NOW)
    compose_all()
    return Counter(
        (
            message.recipient,
            message.subject,
            message.kind,
            message.channel,
            bool(message.attachment),
            message.due_at,
        )
        for message in Message.objects.all()
    )


@pytest.mark.parametrize("channel", list(Channel))
def test_journal_of_a_booking_repeats_nothing_of_the_person_rdvsp_pr_4224(site, channel):
    EVERY[channel](site, NINE, NOW)

    journal = " ".join(json.dumps(line.data).lower() for line in AuditEvent.objects.all())
    assert [one for one in ("gwenn", "tanguy", "exemple.example") if one in journal] == []


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel != Channel.PERSON])
def test_every_channel_tells_the_person_alike(channel):
    from django.db import transaction

    written = []
    for one in (Channel.PERSON, channel):
        with transaction.atomic():
            written.append(what_is_written(OpeningRuleFactory().site, one))
            transaction.set_rollback(True)

    assert written[0] == written[1]
    assert written[0]


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(
    "now", [NINE - timedelta(hours=1), NINE - timedelta(weeks=9)], ids=["notice", "horizon"]
)
def test_no_channel_forgets_the_notice_or_the_horizon(site, channel, now):
    """RDV-SP 2005: one of the ways ignored the minimum and maximum delays."""
    with pytest.raises(SlotTaken):
        EVERY[channel](site, NINE, now)

    assert not Appointment.objects.filter(state=AppointmentState.BOOKED).exists()


@pytest.mark.parametrize("channel", list(Channel))
def test_no_channel_sells_an_hour_twice(site, channel):
    """RDV-SP 5367, RDV-I 988: person and agent book the same hour."""
    alone(site, NINE, NOW)

    with pytest.raises(SlotTaken):
        EVERY[channel](site, NINE, NOW)
