"""The instants and places at which a rule of the agenda turns, to the second."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from beneficiaries.request.enums import AccessNeed
from operators.booking.agenda import rules
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AccessNotMet
from operators.network.enums import Mode
from tests.operators.booking.agenda.clock import NOW

SECOND = timedelta(seconds=1)


def test_hold_is_over_at_the_instant_it_expires():
    hold = SimpleNamespace(state=AppointmentState.ON_HOLD, hold_expires_at=NOW)

    assert rules.hold_is_live(hold, now=NOW - SECOND)
    assert not rules.hold_is_live(hold, now=NOW)


@pytest.mark.parametrize("mode", [Mode.PHONE, Mode.VIDEO])
def test_steps_of_a_place_stop_nobody_who_stays_at_home(mode):
    place = SimpleNamespace(is_step_free=False, name="Rennes")

    rules.check_access(place, mode, [AccessNeed.STEP_FREE])
    with pytest.raises(AccessNotMet, match="marches à Rennes"):
        rules.check_access(place, Mode.ON_SITE, [AccessNeed.STEP_FREE])


@pytest.mark.parametrize(
    ("starts_in", "awaited"),
    [
        (timedelta(days=5), timedelta(hours=24)),
        (timedelta(hours=3), timedelta(hours=3)),
        (-SECOND, timedelta()),
    ],
)
def test_answer_is_awaited_until_the_hour_that_is_lost(settings, starts_in, awaited):
    settings.PORTAL_ANSWER_HOURS = 24

    assert rules.answer_by(NOW + starts_in, now=NOW) == NOW + awaited
