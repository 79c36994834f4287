"""Eight people and desks at once on a small world, at random: no deadlock, and what must hold holds."""

import random
import threading
import time as clock
import uuid
from collections import Counter
from datetime import time, timedelta

import pytest
from django.db import connection

from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from operators.booking.agenda import services as agenda
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Absence, Appointment, Replacement
from operators.booking.agenda.services import WantedSlot
from operators.booking.demand import services as demand
from operators.booking.demand.enums import OfferState
from operators.booking.demand.models import EarlierAlert, SlotOffer, WaitingEntry
from operators.booking.demand.services import Wish
from operators.booking.groups import services as groups
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.groups.services import MeetingPlan
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.conftest import present

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("present"),
]
__all__ = ["present"]
THREADS, SECONDS = 6, 12
DAYS = [at("2026-11-30 09:00"), at("2026-12-01 09:00")]
STARTS = [day + timedelta(minutes=75 * step) for day in DAYS for step in range(3)]
LATER = NOW + timedelta(hours=30)  # offers and holds made at NOW are over


class World:
    def __init__(self):
        self.site = SiteFactory()
        self.desk = UserFactory()
        self.advisers = []
        for _ in range(3):
            adviser = OpeningRuleFactory(adviser__site=self.site, closes=time(13)).adviser
            OpeningRuleFactory(adviser=adviser, weekday=2, closes=time(13))
            self.advisers.append(adviser)
        self.requests = [
            ServiceRequestFactory(contract=self.site.contract, beneficiary=BeneficiaryFactory())
            for _ in range(8)
        ]

    def acts(self):
        return [
            *[self.book] * 4,
            *[self.move, self.cancel, self.restore, self.wait, self.leave, self.alert] * 2,
            *[self.serve, self.accept, self.accept, self.decline, self.settle, self.expire],
            *[self.absence, self.back, self.choose, self.meet, self.join, self.give_back, self.call_off],
        ]

    @staticmethod
    def any(dice, rows):
        return dice.choice(list(rows.order_by("pk")) or [None])

    def booked(self, dice):
        return self.any(
            dice,
            Appointment.objects.filter(state=AppointmentState.BOOKED).select_related(
                "service_request", "beneficiary", "site__contract"
            ),
        )

    def place(self, dice):
        return {
            "site": self.site,
            "starts_at": dice.choice(STARTS),
            "level": "ONE",
            "mode": "ON_SITE",
            "now": NOW,
        }

    def book(self, dice):
        request = dice.choice(self.requests)
        held = agenda.hold_slot(
            service_request=request,
            contract=self.site.contract,
            **grouped(self.place(dice), wanted=WantedSlot),
        )
        if dice.random() < 0.8:
            agenda.confirm_hold(
                appointment=held, beneficiary=request.beneficiary, idempotency_key=uuid.uuid4(), now=NOW
            )

    def move(self, dice):
        if picked := self.booked(dice):
            agenda.move_appointment(appointment=picked, **self.place(dice))

    def cancel(self, dice):
        if picked := self.booked(dice):
            agenda.cancel_appointment(appointment=picked, by=CancelledBy.PERSON, now=NOW)

    def restore(self, dice):
        over = Appointment.objects.filter(state=AppointmentState.CANCELLED).select_related(
            "service_request", "beneficiary", "site__contract"
        )
        if picked := self.any(dice, over):
            agenda.restore_appointment(appointment=picked, now=NOW)

    def wait(self, dice):
        request = dice.choice(self.requests)
        demand.join_waiting_list(
            service_request=request,
            beneficiary=request.beneficiary,
            wish=Wish(level="ONE", modes=["ON_SITE"], hours=[], site=self.site, anywhere=False, from_on=None),
            now=NOW,
        )

    def leave(self, dice):
        if picked := self.any(dice, WaitingEntry.objects.waiting()):
            demand.leave_waiting_list(entry=picked, now=NOW)

    def alert(self, dice):
        if picked := self.booked(dice):
            demand.ask_earlier(appointment=picked, other_adviser=True, now=NOW)

    def serve(self, dice):
        demand.offer_free_slots(contract=self.site.contract, now=NOW)

    def offer(self, dice):
        return self.any(dice, SlotOffer.objects.filter(state=OfferState.PENDING))

    def accept(self, dice):
        if picked := self.offer(dice):
            demand.accept_offer(offer=picked, now=NOW)

    def decline(self, dice):
        if picked := self.offer(dice):
            demand.decline_offer(offer=picked, now=NOW)

    def settle(self, dice):
        demand.settle_offers(now=dice.choice([NOW, LATER]))

    def expire(self, dice):
        agenda.expire_holds(now=dice.choice([NOW, LATER]))

    def absence(self, dice):
        start = dice.choice(STARTS)
        adviser = dice.choice(self.advisers)
        agenda.lay_absence_and_replace(
            adviser=adviser, starts_at=start, ends_at=start + timedelta(hours=2), by=adviser.user, now=NOW
        )

    def back(self, dice):
        for absence in Absence.objects.order_by("pk")[: dice.randint(1, 3)]:
            agenda.remove_absence(absence=absence, by=self.desk, now=NOW)

    def choose(self, dice):
        waiting = Replacement.objects.filter(state__in=["SLOTS", "COLLEAGUE"]).select_related("appointment")
        if picked := self.any(dice, waiting):
            wanted = self.place(dice)
            wanted.pop("level")
            agenda.choose_replacement(replacement=picked, **wanted)

    def meet(self, dice):
        first, second = dice.sample(self.advisers, 2)
        groups.open_group_session(
            adviser=first,
            second_adviser=second,
            meeting=MeetingPlan(
                site=self.site,
                starts_at=dice.choice(STARTS),
                minutes=60,
                topic="DISCOVER",
                mode="ON_SITE",
                capacity=2,
            ),
            by=self.desk,
            now=NOW,
        )

    def join(self, dice):
        request = dice.choice(self.requests)
        if picked := self.any(dice, GroupSession.objects.filter(state="OPEN").select_related("site")):
            groups.book_place(
                session=picked,
                beneficiary=request.beneficiary,
                service_request=request,
                idempotency_key=uuid.uuid4(),
                now=NOW,
            )

    def give_back(self, dice):
        if picked := self.any(dice, GroupPlace.objects.live()):
            groups.cancel_place(place=picked, by=CancelledBy.PERSON, now=NOW)

    def call_off(self, dice):
        if picked := self.any(dice, GroupSession.objects.filter(state="OPEN")):
            groups.cancel_group_session(session=picked, by=self.desk, now=NOW)


def live_for(world, seed, until, outcomes, crashes):
    dice = random.Random(seed)
    while clock.monotonic() < until and not crashes:
        act = dice.choice(world.acts())
        try:
            act(dice)
        except DomainError as refusal:
            outcomes[act.__name__, type(refusal).__name__] += 1
        except (Absence.DoesNotExist, ValueError) as gone:
            if act.__name__ != "back":  # two desks take the same absence back
                crashes.append((act.__name__, gone))
        except Exception as crash:  # noqa: BLE001 -- told by the test, from its own thread
            crashes.append((act.__name__, crash))
        else:
            outcomes[act.__name__, "done"] += 1
    connection.close()


def test_every_act_at_random_leaves_no_deadlock_and_no_orphan():
    world, outcomes, crashes = World(), Counter(), []
    until = clock.monotonic() + SECONDS
    threads = [
        threading.Thread(target=live_for, args=(world, seed, until, outcomes, crashes))
        for seed in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS + 60)

    assert crashes == []
    assert {name for name, end in outcomes if end == "done"} >= {"book", "move", "cancel", "absence", "serve"}
    check(world)


def check(world):
    booked = list(Appointment.objects.filter(state=AppointmentState.BOOKED).order_by("pk"))
    places = list(GroupPlace.objects.live().select_related("session").order_by("pk"))
    for appointment in booked:  # nobody in two places
        theirs = [
            other
            for other in booked
            if other.beneficiary_id == appointment.beneficiary_id and other != appointment
        ]
        assert not [other for other in theirs if overlap(appointment, other)]
        assert not [
            place
            for place in places
            if place.beneficiary_id == appointment.beneficiary_id and overlap(appointment, place.session)
        ]
        away = Absence.objects.filter(adviser=appointment.adviser_id, period__overlap=appointment.period)
        assert not away.exists()
    for session in GroupSession.objects.filter(state="OPEN"):
        assert sum(place.session_id == session.pk for place in places) <= session.capacity
        assert not Absence.objects.filter(
            adviser__in=[session.adviser_id, session.second_adviser_id], period__overlap=session.period
        ).exists()
    kept = Appointment.objects.filter(state=AppointmentState.ON_HOLD, is_offer=True)
    pending = SlotOffer.objects.filter(state=OfferState.PENDING)
    assert set(kept) <= {offer.appointment for offer in pending.select_related("appointment")}
    waiting = WaitingEntry.objects.waiting().values_list("beneficiary", flat=True)
    assert not Appointment.objects.filter(state=AppointmentState.BOOKED, beneficiary__in=waiting).exists()
    alerts = EarlierAlert.objects.filter(state="ACTIVE").select_related("appointment")
    assert {alert.appointment.state for alert in alerts} <= {AppointmentState.BOOKED}


def overlap(picked, other):
    return picked.period.lower < other.period.upper and other.period.lower < picked.period.upper
