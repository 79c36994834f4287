"""An adviser who leaves: out of the slots and the portal, and each person booked is told once."""

from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, ReplacementState
from operators.booking.agenda.models import CalendarFeed, Replacement
from operators.booking.agenda.services import renew_calendar_feed
from operators.reception.team.errors import SuspensionRefused
from operators.reception.team.services import resume_adviser, suspend_adviser
from tests.factories.accounts import MandateFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.acts import NINE, TEN
from tests.operators.booking.agenda.clock import NOW, hours

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_suspended_adviser_is_offered_no_more_and_has_no_mandate(adviser, manager):
    contract = adviser.site.contract
    renew_calendar_feed(adviser=adviser, by=adviser.user, now=NOW)
    other = MandateFactory(user=adviser.user, role="ADVISER")
    assert hours(contract) != []

    done = suspend_adviser(adviser=adviser, by=manager, now=NOW)

    adviser.refresh_from_db()
    assert (done.replaced, done.handed) == ([], [])
    assert (adviser.is_active, hours(contract)) == (False, [])
    assert list(adviser.user.mandates.filter(ended_at__isnull=True)) == [other]
    assert CalendarFeed.objects.count() == 0
    assert actions()[-3:] == [
        "accounts.mandate.ended",
        "operators.calendar_feed.ended",
        "operators.adviser.suspended",
    ]


def test_each_person_booked_is_proposed_something_and_told_once(adviser, manager):
    colleague = OpeningRuleFactory(adviser__site=adviser.site).adviser
    kept, lost = booked_with(adviser), booked_with(adviser, starts_at=TEN)
    AppointmentFactory(adviser=colleague, starts_at=TEN)

    replaced = suspend_adviser(adviser=adviser, by=manager, now=NOW).replaced

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert [replacement.state for replacement in replaced] == [
        ReplacementState.COLLEAGUE,
        ReplacementState.SLOTS,
    ]
    assert (kept.adviser, kept.state) == (colleague, AppointmentState.BOOKED)
    assert (lost.adviser, lost.state) == (adviser, AppointmentState.CANCELLED)
    assert lost.service_request.state == RequestState.REGISTERED
    assert Message.objects.filter(channel="EMAIL").count() == 2
    assert AuditEvent.objects.get(action="operators.adviser.suspended").data == {"replaced": 2, "handed": 0}


def test_what_was_held_before_stands_and_who_holds_a_slot_loses_it(adviser, manager):
    past = AppointmentFactory(adviser=adviser, starts_at=NOW - timedelta(days=2))
    held = AppointmentFactory(adviser=adviser, starts_at=NINE, on_hold=True)

    suspend_adviser(adviser=adviser, by=manager, now=NOW)

    past.refresh_from_db()
    held.refresh_from_db()
    assert (past.state, held.state) == (AppointmentState.BOOKED, AppointmentState.EXPIRED)
    assert Replacement.objects.count() == 0


def test_a_pair_loses_its_slots_with_one_of_its_two(adviser, manager):
    second = AdviserFactory(site=adviser.site)
    adviser.opening_rules.update(second_adviser=second)

    suspend_adviser(adviser=second, by=manager, now=NOW)

    assert hours(adviser.site.contract) == []


def test_an_information_meeting_forbids_it(adviser, manager):
    """Only its cancellation tells each person who has a place."""
    GroupSessionFactory(adviser=adviser, site=adviser.site)
    booked = booked_with(adviser, starts_at=TEN)

    with pytest.raises(SuspensionRefused, match="réunion d’information est prévue"):
        suspend_adviser(adviser=adviser, by=manager, now=NOW)

    adviser.refresh_from_db()
    booked.refresh_from_db()
    assert (adviser.is_active, booked.state) == (True, AppointmentState.BOOKED)
    assert Message.objects.count() == 0


def test_a_second_suspension_is_refused(adviser, manager):
    suspend_adviser(adviser=adviser, by=manager, now=NOW)

    with pytest.raises(SuspensionRefused, match="déjà suspendu"):
        suspend_adviser(adviser=adviser, by=manager, now=NOW)


def test_adviser_who_comes_back_is_offered_again_with_a_mandate(adviser, manager):
    contract = adviser.site.contract
    before = hours(contract)
    suspend_adviser(adviser=adviser, by=manager, now=NOW)

    resume_adviser(adviser=adviser, by=manager, now=NOW)

    adviser.refresh_from_db()
    mandate = adviser.user.mandates.get(ended_at__isnull=True)
    assert (adviser.is_active, hours(contract)) == (True, before)
    assert (mandate.role, mandate.organisation) == ("ADVISER", contract.holder)
    assert actions()[-1] == "operators.adviser.resumed"


def test_an_adviser_at_work_does_not_come_back(adviser, manager):
    with pytest.raises(SuspensionRefused, match="en activité"):
        resume_adviser(adviser=adviser, by=manager, now=NOW)
