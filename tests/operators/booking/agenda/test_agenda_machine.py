"""A stateful test of the agenda: in whatever order, what is free equals a plain Python model."""

import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from cep_portal.common.errors import DomainError
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.errors import (
    AbsenceInvalid,
    AbsenceOverBookings,
    ClosureInvalid,
    ClosureOverBookings,
    OpeningOverBookings,
    SlotTaken,
    TooLateToChange,
)
from operators.booking.agenda.models import AdviserTime, Appointment
from operators.booking.agenda.rules import earliest_start, latest_start
from operators.booking.agenda.selectors import free_slots, slot_times
from operators.booking.agenda.services import OpeningHours, WantedSlot, WeeklyHours
from tests.clock import moved, moved_day
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, SiteFactory
from tests.operators.booking.agenda.model import Agenda, Opened, Regular

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START = moved("2026-11-27 07:00")  # Friday, 7:00 in Paris
FIRST, DAYS = moved_day("2026-11-27"), 9
SESSION, PAUSE = 60, 15
DAY = st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n))
HOUR = st.integers(8, 19).map(time)
WHO = st.integers(0, 1)
PICK = st.integers(0, 30)


class AgendaMachine(RuleBasedStateMachine):
    """One site, two advisers, ten days. Each step changes the database and the model, or neither."""

    holds, booked, openings = Bundle("holds"), Bundle("booked"), Bundle("openings")

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = START

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize()
    def people(self):
        self.site = SiteFactory()
        self.team = [AdviserFactory(site=self.site) for _ in range(2)]
        self.user = self.team[0].user
        self.agenda = Agenda()
        self.live: dict[int, datetime | None] = {}  # by key of the appointment, when its hold ends

    @rule(target=openings, who=WHO, paired=st.booleans(), day=DAY, opens=HOUR, length=st.integers(1, 4))
    def open(self, who, paired, day, opens, length):
        closes = time(min(opens.hour + length, 23))
        lead, second = self.team[who], self.team[1 - who] if paired else None
        opened = services.open_hours(
            adviser=lead,
            second_adviser=second,
            hours=OpeningHours(
                site=self.site,
                weekday=day.isoweekday(),
                opens=opens,
                closes=closes,
                every_weeks=1,
                first_on=FIRST,
                last_on=None,
                levels=["ONE"],
                modes=["PHONE"],
                slot_minutes=SESSION,
                buffer_minutes=PAUSE,
            ),
            by=self.user,
            now=self.now,
        )
        model = Opened(
            opened.pk,
            lead.pk,
            second and second.pk,
            opened.weekday,
            opens,
            closes,
            1,
            FIRST,
            None,
            SESSION,
            PAUSE,
        )
        self.agenda.openings.append(model)
        return opened, model

    @rule(
        opening=openings,
        week=st.integers(0, 1),
        hours=st.one_of(st.none(), st.tuples(HOUR, st.integers(1, 3))),
    )
    def change_day(self, opening, week, hours):
        opened, model = opening
        day = FIRST + timedelta(days=(opened.weekday - FIRST.isoweekday()) % 7 + 7 * week)
        if day < self._today():
            return
        opens, closes = (None, None) if hours is None else (hours[0], time(min(hours[0].hour + hours[1], 23)))
        had = model.changed.get(day, (model.opens, model.closes))
        kept = None if hours is None else (self._at(day, opens), self._at(day, closes))
        inside = [] if had is None else self._sold(
            lambda picked, period: model.adviser in picked
            and self._at(day, had[0]) <= period[0] and period[1] <= self._at(day, had[1])
            and not (kept and kept[0] <= period[0] and period[1] <= kept[1])
        )  # fmt: skip
        self._act(
            inside, OpeningOverBookings, services.change_opening_day,
            rule=opened, day=day, opens=opens, closes=closes,
        ) and model.changed.__setitem__(day, None if hours is None else (opens, closes))  # fmt: skip

    @rule(who=WHO, day=DAY, hour=HOUR, minutes=st.sampled_from([30, 60, 180, 60 * 26]))
    def be_away(self, who, day, hour, minutes):
        period = (self._at(day, hour), self._at(day, hour) + timedelta(minutes=minutes))
        if period[1] <= self.now:
            return
        picked = self.team[who]
        away = {"adviser": picked, "starts_at": period[0], "ends_at": period[1]}
        if (picked.pk, period) in self.agenda.away:
            self._refuses_again(AbsenceInvalid, services.lay_absence, **away)
            return
        inside = self._sold(lambda people, sold: picked.pk in people and _meet(sold, period))
        if self._act(inside, AbsenceOverBookings, services.lay_absence, **away):
            self.agenda.away.append((picked.pk, period))

    @rule(who=WHO, day=DAY, hour=HOUR)
    def be_away_each_week(self, who, day, hour):
        picked, ends = self.team[who], time(hour.hour + 1)
        asked = {
            "weekday": day.isoweekday(),
            "starts": hour,
            "ends": ends,
            "every_weeks": 1,
            "first_on": FIRST,
        }
        regular, hours = Regular(adviser=picked.pk, **asked), WeeklyHours(last_on=None, **asked)
        if regular in self.agenda.regular:
            self._refuses_again(AbsenceInvalid, services.lay_recurring_absence, adviser=picked, hours=hours)
            return
        alone = Agenda(regular=[regular])
        inside = self._sold(
            lambda people, sold: (
                picked.pk in people
                and any(_meet(sold, away) for away in alone._regular_of(picked.pk, sold[0]))
            )
        )
        if self._act(
            inside, AbsenceOverBookings, services.lay_recurring_absence, adviser=picked, hours=hours
        ):
            self.agenda.regular.append(regular)

    @rule(day=DAY)
    def close_site(self, day):
        if day < self._today():
            return
        closed = {"site": self.site, "first_on": day, "last_on": day, "reason": ""}
        if (day, day) in self.agenda.closed:
            self._refuses_again(ClosureInvalid, services.close_site, **closed)
            return
        inside = self._sold(lambda people, sold: self.agenda.day(sold[0]) == day)
        if self._act(inside, ClosureOverBookings, services.close_site, **closed):
            self.agenda.closed.append((day, day))

    @rule(target=holds, pick=PICK, off=st.sampled_from([0, 0, 0, 15]))
    def hold(self, pick, off):
        """One of the free hours, or a quarter of an hour beside it."""
        free = sorted({start for start, _, _ in self._free()})
        if not free:
            return multiple()
        start = free[pick % len(free)] + timedelta(minutes=off)
        try:
            held = services.hold_slot(
                service_request=None,
                contract=self.site.contract,
                wanted=WantedSlot(site=self.site, starts_at=start, level="ONE", mode="PHONE"),
                now=self.now,
            )
        except SlotTaken:
            assert start not in free
            return multiple()
        assert start in free
        self._take(held, until=held.hold_expires_at)
        return held

    @rule(target=booked, hold=consumes(holds))
    def confirm(self, hold):
        """A hold that is over is taken again when its hour is still free."""
        over = self._is_over(hold)
        again = any(start == hold.starts_at for start, _, _ in self._free())
        try:
            taken = services.confirm_hold(
                appointment=hold, beneficiary=BeneficiaryFactory(phone="0612345678"),
                idempotency_key=uuid.uuid4(), now=self.now,
            )  # fmt: skip
        except SlotTaken:
            assert over
            assert not again
            return multiple()
        assert not over or again
        if over:
            self._forget(hold.pk)
        self._take(taken, until=None)
        return taken

    @rule(target=booked, booked=consumes(booked), pick=PICK)
    def move(self, booked, pick):
        """To a free hour, its own time counting as free; too late, nothing moves."""
        own = self.agenda.taken.pop(booked.pk)
        free = sorted({start for start, _, _ in self._free()})
        self.agenda.taken[booked.pk] = own
        if not free:
            return booked
        try:
            moved = services.move_appointment(
                appointment=booked, site=self.site, starts_at=free[pick % len(free)], level="ONE",
                mode="PHONE", now=self.now,
            )  # fmt: skip
        except TooLateToChange:
            return booked
        self._forget(booked.pk)
        self._take(moved, until=None)
        return moved

    @rule(booked=consumes(booked))
    def cancel(self, booked):
        services.cancel_appointment(appointment=booked, by=CancelledBy.OPERATOR, now=self.now)
        self._forget(booked.pk)

    @rule(minutes=st.sampled_from([1, 9, 10, 60, 60 * 30]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def expire(self):
        over = services.expire_holds(now=self.now)
        assert over <= len([end for end in self.live.values() if end is not None])

    @invariant()
    def free_equals_the_model(self):
        if not hasattr(self, "agenda"):
            return
        ends = START + timedelta(days=DAYS)
        asked = {"contract": self.site.contract, "starts": START, "ends": ends, "now": self.now}
        slots, times = free_slots(**asked), slot_times(**asked)
        expected = self._free()
        assert {slot.starts_at for slot in slots} == {start for start, _, _ in expected}
        assert {(slot.starts_at, id_) for slot in slots for id_ in slot.adviser_ids} == {
            (start, picked) for start, picked, _ in expected
        }
        assert [picked.starts_at for picked in times] == sorted({start for start, _, _ in expected})

    @invariant()
    def nobody_is_sold_twice(self):
        live = Appointment.objects.live()
        wanted = {
            (picked.uuid, who)
            for picked in live
            for who in (picked.adviser_id, picked.second_adviser_id)
            if who
        }
        assert set(AdviserTime.objects.values_list("source", "adviser")) == wanted

    def _today(self) -> date:
        return self.agenda.day(self.now)

    def _at(self, day: date, hour: time) -> datetime:
        return self.agenda.instant(day, hour)

    def _free(self) -> set[tuple]:
        """What the model offers now: holds that are over take no time."""
        kept = {
            key: taken
            for key, taken in self.agenda.taken.items()
            if self.live.get(key) is None or self.live[key] > self.now
        }
        everything, self.agenda.taken = self.agenda.taken, kept
        ends = min(START + timedelta(days=DAYS), latest_start(self.now))
        offered = self.agenda.free(
            FIRST,
            FIRST + timedelta(days=DAYS + 1),
            earliest=max(START, earliest_start(self.now)),
            latest=ends,
        )
        self.agenda.taken = everything
        return offered

    def _sold(self, chosen) -> list[int]:
        """The booked appointments that `chosen(people, session)` keeps; holds give way."""
        pause = timedelta(minutes=PAUSE)
        return [
            key
            for key, (people, (start, busy_until)) in self.agenda.taken.items()
            if self.live[key] is None and chosen(people, (start, busy_until - pause))
        ]

    def _refuses_again(self, refusal: type[DomainError], service, **asked) -> None:
        """The very same act laid twice is said to be there already."""
        with pytest.raises(refusal, match="est déjà posée"):
            service(by=self.user, now=self.now, **asked)

    def _act(self, inside: list[int], refusal: type[AbsenceOverBookings], service, **asked) -> bool:
        """Both refuse, naming the same appointments, or neither; holds that were in the way are over."""
        try:
            service(by=self.user, now=self.now, **asked)
        except refusal as over:
            coming = {appointment.pk for appointment in over.appointments}
            assert coming == set(inside)
            return False
        assert not inside
        for key in [key for key, end in self.live.items() if end is not None]:
            if Appointment.objects.get(pk=key).state == AppointmentState.EXPIRED:
                self._forget(key)
        return True

    def _is_over(self, hold) -> bool:
        return hold.pk not in self.live or self.live[hold.pk] <= self.now

    def _take(self, appointment: Appointment, *, until: datetime | None) -> None:
        people = tuple(
            who for who in (appointment.adviser_id, appointment.second_adviser_id) if who is not None
        )
        busy = (appointment.busy_period.lower, appointment.busy_period.upper)
        self.agenda.taken[appointment.pk] = (people, busy)
        self.live[appointment.pk] = until

    def _forget(self, key: int) -> None:
        self.agenda.taken.pop(key, None)
        self.live.pop(key, None)


def _meet(picked, other) -> bool:
    return max(picked[0], other[0]) < min(picked[1], other[1])


def test_agenda_never_departs_from_its_model(db):
    """Open, except, absence, closure, hold, confirm, move, cancel, expire: lessons 23 to 26."""
    run_state_machine_as_test(
        AgendaMachine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
