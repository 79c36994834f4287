"""A day's maximum, and who can meet an access need."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from beneficiaries.request.enums import AccessNeed
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.selectors import advisers_in_order, slot_at
from operators.network.enums import AdviserSkill, Mode
from operators.network.services import set_adviser_capacity
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
NINE, TEN = "2026-11-30 09:00", "2026-11-30 10:15"


def free(rule, **filters):
    return hours(rule.site.contract, **filters)


@pytest.mark.parametrize(("most", "expected"), [(1, []), (2, [TEN]), (None, [TEN])])
def test_full_day_offers_nothing_more(most, expected):
    rule = OpeningRuleFactory(adviser__max_per_day=most)
    AppointmentFactory(adviser=rule.adviser)

    assert free(rule) == expected


def test_maximum_counts_one_local_day_only():
    rule = OpeningRuleFactory(adviser__max_per_day=1)
    AppointmentFactory(adviser=rule.adviser)

    assert free(rule, days=16) == ["2026-12-07 09:00", "2026-12-07 10:15"]


def test_local_day_of_the_site_counts():
    """20:30 UTC on the 29th is already the 30th in La Réunion: that day is full."""
    rule = OpeningRuleFactory(adviser__site__reunion=True, adviser__max_per_day=1)
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 00:30", "Indian/Reunion"))

    assert free(rule) == []


@pytest.mark.parametrize(
    ("state", "expected"), [(AppointmentState.CANCELLED, [NINE, TEN]), (AppointmentState.ATTENDED, [TEN])]
)
def test_only_live_appointments_fill_a_day(state, expected):
    rule = OpeningRuleFactory(adviser__max_per_day=1)
    gone = {"cancelled_at": NOW, "cancelled_by": "PERSON"} if state == AppointmentState.CANCELLED else {}
    AppointmentFactory(adviser=rule.adviser, state=state, **gone)
    rule.adviser.max_per_day = 2 if state == AppointmentState.ATTENDED else 1
    rule.adviser.save()

    assert free(rule) == expected


def test_hold_that_is_over_fills_no_day():
    rule = OpeningRuleFactory(adviser__max_per_day=1)
    AppointmentFactory(adviser=rule.adviser, on_hold=True, hold_expires_at=NOW)

    assert free(rule) == [NINE, TEN]


def test_appointment_being_moved_leaves_its_place_in_the_day():
    rule = OpeningRuleFactory(adviser__max_per_day=1)
    moving = AppointmentFactory(adviser=rule.adviser)

    assert free(rule, ignored=[moving.pk]) == [NINE, TEN]


def test_session_in_a_pair_fills_the_day_of_both():
    rule = OpeningRuleFactory(adviser__max_per_day=1)
    AppointmentFactory(second_adviser=rule.adviser, starts_at=at("2026-11-30 15:00"))

    assert free(rule) == []


def test_maximum_of_zero_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="adviser_max_per_day_positive"), transaction.atomic():
        AdviserFactory(max_per_day=0)


@pytest.mark.parametrize(("mode", "expected"), [(Mode.ON_SITE, [TEN]), (Mode.VIDEO, [TEN]), (Mode.PHONE, [])])
def test_sign_language_wants_an_adviser_who_signs_where_one_is_seen(mode, expected):
    """Nobody signs on the phone."""
    rule = OpeningRuleFactory(closes=time(10))
    OpeningRuleFactory(
        adviser__site=rule.site,
        adviser__skills=[AdviserSkill.SIGN_LANGUAGE],
        opens=time(10, 15),
        closes=time(11, 15),
    )

    assert free(rule, mode=mode, access_needs=[AccessNeed.SIGN_LANGUAGE]) == expected


def test_one_of_a_pair_who_signs_is_enough():
    second = AdviserFactory(skills=[AdviserSkill.SIGN_LANGUAGE])
    rule = OpeningRuleFactory(adviser__site=second.site, second_adviser=second)

    assert free(rule, mode=Mode.ON_SITE, access_needs=[AccessNeed.SIGN_LANGUAGE]) == [NINE, TEN]


@pytest.mark.parametrize(("mode", "expected"), [(Mode.ON_SITE, []), (Mode.VIDEO, [NINE, TEN])])
def test_steps_matter_to_who_comes_only(mode, expected):
    rule = OpeningRuleFactory(adviser__site=SiteFactory(is_step_free=False))

    assert free(rule, mode=mode, access_needs=[AccessNeed.STEP_FREE]) == expected


def test_any_mode_offers_the_modes_that_meet_the_need():
    rule = OpeningRuleFactory(adviser__site=SiteFactory(is_step_free=False), closes=time(10))

    slot = slot_at(
        site=rule.site,
        starts_at=at(NINE),
        level="ONE",
        mode=None,
        now=NOW,
        access_needs=[AccessNeed.STEP_FREE],
    )

    assert slot.modes == ("PHONE", "VIDEO")


def test_easy_to_read_prefers_who_can_and_refuses_nobody():
    first = OpeningRuleFactory(closes=time(10))
    able = OpeningRuleFactory(
        adviser__site=first.site, adviser__skills=[AdviserSkill.EASY_TO_READ], closes=time(10)
    )
    slot = slot_at(site=first.site, starts_at=at(NINE), level="ONE", mode="ON_SITE", now=NOW)
    week = at("2026-11-30 00:00")

    orders = [
        advisers_in_order(slot=slot, week_starts=week, known=known, access_needs=[AccessNeed.EASY_TO_READ])
        for known in (None, first.adviser_id)
    ]

    assert orders == [[able.adviser_id, first.adviser_id], [first.adviser_id, able.adviser_id]]


def test_absent_adviser_is_never_chosen_however_free_cal_3531():
    """Peers 29: the share is fair among those who are there."""
    absent = OpeningRuleFactory(closes=time(10))
    busy = OpeningRuleFactory(adviser__site=absent.site, closes=time(10))
    AppointmentFactory(adviser=busy.adviser, starts_at=at("2026-12-01 09:00"))
    AbsenceFactory(adviser=absent.adviser)

    slot = slot_at(site=absent.site, starts_at=at(NINE), level="ONE", mode="ON_SITE", now=NOW)

    assert slot.adviser_ids == (busy.adviser_id,)


def test_manager_sets_maximum_and_skills(client, present):
    adviser = AdviserFactory()
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)
    client.force_login(manager)
    url = reverse("operators:adviser_capacity", args=[adviser.uuid])

    answer = client.post(url, {"max_per_day": "5", "skills": ["SIGN_LANGUAGE"]})

    adviser.refresh_from_db()
    assert (answer.status_code, adviser.max_per_day, adviser.skills) == (302, 5, ["SIGN_LANGUAGE"])
    event = AuditEvent.objects.get(action="operators.adviser.capacity_set")
    assert event.data == {"max_per_day": 5, "skills": ["SIGN_LANGUAGE"]}
    assert client.get(url).context["form"].initial["max_per_day"] == 5


def test_adviser_of_another_operator_is_not_found(client):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))

    assert client.get(reverse("operators:adviser_capacity", args=[AdviserFactory().uuid])).status_code == 404


def test_maximum_is_taken_away_again():
    adviser = AdviserFactory(max_per_day=3)

    set_adviser_capacity(adviser=adviser, max_per_day=None, skills=[], by=adviser.user, now=NOW)

    adviser.refresh_from_db()
    assert adviser.max_per_day is None
