"""A free slot goes to the first person whom it suits, and is really kept for that person."""

from datetime import time, timedelta

import pytest

from beneficiaries.request.enums import AccessNeed
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.services import WantedSlot, hold_slot
from operators.booking.demand import services
from operators.booking.demand.enums import OfferState, WishedHours
from operators.booking.demand.models import SlotOffer
from operators.network.enums import Mode, ServiceLevel
from tests.clock import moved_day
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import ASKED, WaitingEntryFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import composed
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.demand.conftest import NINE

pytestmark = pytest.mark.django_db


def serve(contract, now=NOW):
    return services.offer_free_slots(contract=contract, now=now)


def offered_to():
    return [offer.entry for offer in SlotOffer.objects.order_by("pk")]


def starts():
    return [offer.appointment.starts_at for offer in SlotOffer.objects.order_by("pk")]


def test_the_first_of_the_list_gets_the_first_slot(site):
    second = WaitingEntryFactory(site=site, created_at=ASKED + timedelta(hours=1))
    first = WaitingEntryFactory(site=site)

    made = serve(site.contract)

    assert (made, offered_to()) == (2, [first, second])
    assert starts() == [NINE, NINE + timedelta(days=7)]


def test_the_offer_holds_the_slot_for_a_day(offer):
    kept = offer.appointment

    assert (kept.state, kept.is_offer, kept.hold_expires_at) == (
        AppointmentState.ON_HOLD,
        True,
        NOW + timedelta(hours=24),
    )
    assert (offer.state, offer.expires_at, offer.made_at) == (
        OfferState.PENDING,
        kept.hold_expires_at,
        NOW,
    )


def test_the_slot_offered_is_sold_to_nobody_else(offer):
    with pytest.raises(SlotTaken):
        hold_slot(
            service_request=None,
            contract=offer.appointment.site.contract,
            wanted=WantedSlot(site=offer.appointment.site, starts_at=NINE, level="ONE", mode="ON_SITE"),
            now=NOW,
        )


def test_the_hours_of_the_offer_are_a_setting(site, entry, settings):
    settings.PORTAL_OFFER_HOURS = 6

    serve(site.contract)

    assert SlotOffer.objects.get().expires_at == NOW + timedelta(hours=6)


def test_the_person_is_told_once_with_the_link(offer):
    message = composed(Message.objects.get())

    assert (message.kind, message.recipient, message.subject) == (
        MessageKind.OFFER,
        offer.beneficiary.email,
        "Une place se libère pour un rendez-vous",
    )
    assert "/proposition/" in message.body
    assert message.expires_at == offer.expires_at


def test_the_offer_leaves_an_audit_line_without_a_name(offer):
    line = AuditEvent.objects.get(action="operators.offer.made")

    assert (line.target_id, line.actor, line.data) == (offer.pk, None, {})


def test_a_second_run_makes_no_second_offer(site, entry):
    assert [serve(site.contract), serve(site.contract)] == [1, 0]


@pytest.mark.parametrize(
    ("wish", "made"),
    [
        ({}, 1),
        ({"modes": [Mode.VIDEO, Mode.PHONE, Mode.ON_SITE]}, 1),
        ({"level": ServiceLevel.TWO}, 1),
        ({"hours": [WishedHours.BEFORE_9]}, 0),
        ({"hours": [WishedHours.SATURDAY, WishedHours.AFTER_18]}, 0),
        ({"from_on": moved_day("2027-03-01")}, 0),
    ],
)
def test_only_a_slot_that_suits_is_offered_rdvsp_3676(site, wish, made):
    """Never another level, mode, hour or place than those wished (RDV-SP 3676, PR 2253)."""
    WaitingEntryFactory(site=site, **wish)

    assert serve(site.contract) == made


def test_a_closed_level_is_not_offered(rule, entry):
    rule.levels = [ServiceLevel.TWO]
    rule.save()

    assert serve(entry.contract) == 0


def test_another_site_is_offered_only_to_who_accepts_any(rule, site):
    elsewhere = SiteFactory(contract=site.contract)
    here_only = WaitingEntryFactory(site=elsewhere)
    anywhere = WaitingEntryFactory(site=elsewhere, anywhere=True, created_at=ASKED + timedelta(hours=1))

    serve(site.contract)

    assert (offered_to(), here_only.offers.count()) == ([anywhere], 0)


def test_steps_are_not_offered_to_who_needs_none(site):
    site.is_step_free = False
    site.save()
    entry = WaitingEntryFactory(site=site)
    request = ServiceRequestFactory(
        contract=site.contract, beneficiary=entry.beneficiary, access_needs=[AccessNeed.STEP_FREE]
    )
    entry.delete()
    WaitingEntryFactory(site=site, service_request=request, beneficiary=request.beneficiary)

    assert serve(site.contract) == 0


def test_the_evening_wish_gets_the_evening_slot(site):
    OpeningRuleFactory(adviser=AdviserFactory(site=site), opens=time(18), closes=time(19))
    WaitingEntryFactory(site=site, hours=[WishedHours.AFTER_18])

    serve(site.contract)

    assert starts() == [at("2026-11-30 18:00")]


@pytest.mark.parametrize(("hour", "made"), [("07:59", 0), ("08:00", 1), ("19:59", 1), ("20:00", 0)])
def test_nobody_is_woken_by_an_offer(site, entry, hour, made):
    assert serve(site.contract, now=at(f"2026-11-24 {hour}")) == made


def test_a_slot_too_close_to_answer_is_left_to_everybody(site, entry):
    """At 17:00 the eve of 9:00, three waking hours are left; at 18:00 not."""
    assert serve(site.contract, now=at("2026-11-29 18:00")) == 1
    assert starts() == [NINE + timedelta(days=7)]


def test_an_offer_ends_before_the_minimum_notice(site, entry):
    serve(site.contract, now=at("2026-11-29 12:00"))

    assert SlotOffer.objects.get().expires_at == NINE - timedelta(hours=2)


def test_an_offer_never_outlives_its_slot_pretix_681(site, entry):
    """The list stays closed once the slot is too close (pretix 681, 2119)."""
    assert serve(site.contract, now=NINE - timedelta(hours=1)) == 1
    assert starts() == [NINE + timedelta(days=7)]


def test_two_offers_a_day_for_one_person_whatever_happens_rdvsp_4172(site, entry):
    """136 SMS to one person: here the cap counts the offers themselves, over every list."""
    for minutes in (0, 1, 2, 3):
        now = NOW + timedelta(minutes=minutes)
        serve(site.contract, now=now)
        for pending in SlotOffer.objects.filter(state=OfferState.PENDING):
            services.decline_offer(offer=pending, now=now)

    assert SlotOffer.objects.count() == 2
    assert serve(site.contract, now=NOW + timedelta(days=1, minutes=2)) == 1


def test_an_offer_that_could_not_be_told_is_not_made(site, entry, settings):
    settings.PORTAL_DAILY_CAPS = {"UNSOLICITED": 1, "ACT": 20, "CODE": 20}

    assert serve(site.contract) == 0


def test_one_person_on_two_lists_has_one_offer_at_a_time(site, entry):
    other = OpeningRuleFactory().site
    WaitingEntryFactory(site=other, beneficiary=entry.beneficiary)

    assert [serve(site.contract), serve(other.contract)] == [1, 0]


def test_an_hour_at_which_the_person_is_expected_elsewhere_is_not_offered(site, entry):
    AppointmentFactory(beneficiary=entry.beneficiary, starts_at=NINE)

    serve(site.contract)

    assert starts() == [NINE + timedelta(days=7)]


def test_a_frozen_file_gets_no_offer(site, entry):
    entry.beneficiary.restricted_at = NOW
    entry.beneficiary.save()
    other = WaitingEntryFactory(site=site, created_at=ASKED + timedelta(hours=1))

    serve(site.contract)

    assert offered_to() == [other]


def test_what_was_refused_is_not_offered_again(site, offer):
    services.decline_offer(offer=offer, now=NOW)

    serve(site.contract, now=NOW + timedelta(hours=1))

    assert starts() == [NINE, NINE + timedelta(days=7)]


def test_the_known_adviser_comes_first(site, entry):
    known = AdviserFactory(site=site)
    OpeningRuleFactory(adviser=known, closes=time(10))
    AppointmentFactory(
        adviser=known,
        beneficiary=entry.beneficiary,
        starts_at=at("2026-11-02 09:00"),
        state=AppointmentState.ATTENDED,
    )

    serve(site.contract)

    assert SlotOffer.objects.get().appointment.adviser == known


@pytest.mark.parametrize("people", [1, 6])
def test_reading_the_list_and_the_slots_takes_as_many_queries_for_one_or_six(
    people, site, django_assert_num_queries
):
    """Nobody can be served: evenings are wished, there are none."""
    for _ in range(people):
        WaitingEntryFactory(site=site, hours=[WishedHours.AFTER_18], beneficiary=BeneficiaryFactory())

    with django_assert_num_queries(6):  # contracts, list, alerts, sites, offers before, slots
        services.offer_all(now=NOW)
