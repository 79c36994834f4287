from datetime import time, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.request.errors import RequestOfAnother
from beneficiaries.request.hooks import next_steps
from cep_portal.accounts.models import AuditEvent
from operators.booking.demand import selectors, services
from operators.booking.demand.enums import DemandWay, EntryState, OfferState, WishedHours
from operators.booking.demand.errors import AlreadyBooked, EntryOver
from operators.booking.demand.models import UnmetDemand, WaitingEntry
from operators.booking.demand.selectors import Waiting, unmet_counts, waiting_counts
from operators.booking.demand.services import Wish
from operators.network.enums import Mode
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import ASKED, CallBackFactory, WaitingEntryFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_person(site):
    return ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())


def join(request, site, **wishes):
    facts = {
        "level": "ONE",
        "modes": [Mode.ON_SITE],
        "hours": [WishedHours.AFTER_18],
        "anywhere": False,
        "from_on": None,
        **wishes,
    }
    return services.join_waiting_list(
        service_request=request, beneficiary=request.beneficiary, wish=Wish(site=site, **facts), now=NOW
    )


def test_joining_gives_the_last_place_and_counts_what_was_missing_cal_2148(site, request_of_person):
    """A waiting list, asked for years elsewhere (cal.com 2148, 10616)."""
    WaitingEntryFactory(site=site)

    entry = join(request_of_person, site)

    assert (entry.state, entry.queued_at, selectors.place_in_list(entry=entry)) == (
        EntryState.WAITING,
        NOW,
        2,
    )
    fact = UnmetDemand.objects.get()
    assert (fact.way, fact.commune, fact.hours, fact.level) == (
        DemandWay.WAITING,
        request_of_person.commune,
        [WishedHours.AFTER_18],
        "ONE",
    )
    assert AuditEvent.objects.filter(action="operators.waiting.joined").count() == 1


def test_what_was_missing_holds_no_person():
    columns = {field.name for field in UnmetDemand._meta.concrete_fields}

    assert columns == {"id", "uuid", "recorded_at", "contract", "commune", "level", "modes", "hours", "way"}


def test_joining_again_changes_the_wishes_and_keeps_the_place(site, request_of_person):
    entry = join(request_of_person, site)

    again = services.join_waiting_list(
        service_request=request_of_person,
        beneficiary=request_of_person.beneficiary,
        wish=Wish(level="TWO", modes=[Mode.PHONE], hours=[], site=site, anywhere=True, from_on=None),
        now=NOW + timedelta(days=1),
    )

    assert (again, again.queued_at, again.level, again.modes) == (entry, NOW, "TWO", ["PHONE"])
    assert UnmetDemand.objects.count() == 1


def test_who_has_an_appointment_does_not_wait_for_one(site, request_of_person):
    AppointmentFactory(beneficiary=request_of_person.beneficiary)

    with pytest.raises(AlreadyBooked):
        join(request_of_person, site)

    assert WaitingEntry.objects.count() == UnmetDemand.objects.count() == 0


def test_nobody_waits_with_the_request_of_another(site, request_of_person):
    with pytest.raises(RequestOfAnother):
        services.join_waiting_list(
            service_request=request_of_person,
            beneficiary=BeneficiaryFactory(),
            wish=Wish(level="ONE", modes=[Mode.PHONE], hours=[], site=site, anywhere=True, from_on=None),
            now=NOW,
        )


def test_one_place_for_a_request_even_in_raw_sql(entry):
    with pytest.raises(IntegrityError, match="waiting_one_place_a_request"), transaction.atomic():
        WaitingEntryFactory(
            service_request=entry.service_request, beneficiary=entry.beneficiary, site=entry.site
        )


def test_a_place_belongs_to_one_person_for_good(entry):
    other = BeneficiaryFactory()

    refused = pytest.raises(DatabaseError, match="set once")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE operators_waitingentry SET beneficiary_id = %s WHERE id = %s", [other.pk, entry.pk]
        )


def test_what_was_said_to_be_missing_is_never_rewritten(site, request_of_person):
    join(request_of_person, site)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        UnmetDemand.objects.update(level="TWO")


def test_leaving_frees_the_offered_slot_for_the_next(offer, site):
    second = WaitingEntryFactory(site=site, created_at=ASKED + timedelta(hours=1))

    services.leave_waiting_list(entry=offer.entry, now=NOW)
    services.offer_free_slots(contract=site.contract, now=NOW)

    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert second.offers.get().appointment.starts_at == offer.appointment.starts_at


def test_leaving_twice_is_refused_in_words(entry):
    services.leave_waiting_list(entry=entry, now=NOW)

    with pytest.raises(EntryOver, match="quittée par la personne"):
        services.leave_waiting_list(entry=entry, now=NOW)


def test_waiting_is_counted_once_a_person_by_site_level_and_preferred_mode(site):
    """What supervision compares with the free slots (RDV-I 1239, 1714)."""
    WaitingEntryFactory(site=site, modes=[Mode.ON_SITE, Mode.PHONE])
    twice = WaitingEntryFactory(site=site)
    CallBackFactory(service_request=twice.service_request, site=site, level=twice.level, modes=twice.modes)
    CallBackFactory(service_request__contract=site.contract, site=site, level="TWO", modes=[Mode.PHONE])
    WaitingEntryFactory(site=SiteFactory())

    counts = waiting_counts(contract=site.contract)

    assert counts == [Waiting(site.pk, "ONE", "ON_SITE", 2), Waiting(site.pk, "TWO", "PHONE", 1)]


def test_what_is_missing_is_counted_by_territory(site, request_of_person, django_assert_num_queries):
    for _ in range(3):
        services.record_unmet(
            service_request=request_of_person, level="ONE", modes=["PHONE"], hours=[], now=NOW
        )

    with django_assert_num_queries(1):
        counts = list(unmet_counts("commune__department", "level", since=ASKED))

    assert counts == [{"commune__department": "35", "level": "ONE", "times": 3}]


def test_a_new_opening_serves_the_list_at_the_next_run(entry):
    services.offer_free_slots(contract=entry.contract, now=NOW)
    second = WaitingEntryFactory(
        site=entry.site, hours=[WishedHours.AFTER_18], created_at=ASKED + timedelta(hours=1)
    )
    OpeningRuleFactory(adviser__site=entry.site, opens=time(18), closes=time(19))

    services.offer_all(now=NOW)

    assert second.offers.count() == 1


@pytest.mark.parametrize("is_holder", [True, False])
def test_the_request_says_where_one_stands_to_its_holder_only(entry, is_holder):
    steps = next_steps(service_request=entry.service_request, is_holder=is_holder, now=NOW)

    assert ("Voir mon attente" in [step.label for step in steps]) == is_holder
