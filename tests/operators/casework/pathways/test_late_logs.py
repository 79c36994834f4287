"""Two clocks: two days to log, then the month's closing; late is possible, and marked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import long_month
from operators.booking.agenda.enums import AppointmentState
from operators.casework.pathways import presenters, rules
from operators.casework.pathways.enums import Attendance
from operators.casework.pathways.errors import CancelledAtInvalid
from operators.casework.pathways.models import CounsellingSession
from tests.clock import moved, moved_day
from tests.factories.operators import MONDAY_NINE, AppointmentFactory, CounsellingSessionFactory
from tests.operators.casework.pathways.test_session_services import NOW, log

pytestmark = pytest.mark.django_db
HELD = moved("2026-11-27 10:00")  # a Friday, an hour


def detail(recorded_at):
    session = CounsellingSessionFactory(starts_at=HELD, recorded_at=recorded_at)
    session.refresh_from_db()
    ((entry,),) = [month["entries"] for month in presenters.timeline([session])]
    return entry["detail"].split(presenters.SEPARATOR)[4:]


@pytest.mark.dated
@pytest.mark.parametrize(
    ("recorded_at", "words"),
    [
        (moved("2026-11-29 11:00"), []),  # two days after the end, not one second more
        (moved("2026-11-29 11:01"), ["saisie tardive, le 29 nov. 2026"]),
        (
            moved("2026-12-01 09:00"),
            ["saisie tardive, le 1er déc. 2026", "compte en régularisation, novembre 2026 étant clos"],
        ),
    ],
)
def test_file_shows_both_dates_of_a_late_session(recorded_at, words):
    assert detail(recorded_at) == words


@pytest.mark.dated
@pytest.mark.parametrize(
    ("held_on", "today", "closed"),
    [
        (moved_day("2026-11-01"), moved_day("2026-11-30"), False),
        (moved_day("2026-11-30"), moved_day("2026-12-01"), True),
        (moved_day("2026-12-31"), moved_day("2027-01-01"), True),
    ],
)
def test_month_is_closed_from_the_first_of_the_next(held_on, today, closed):
    assert rules.month_is_closed(held_on, on=today) is closed


def test_late_log_is_taken_after_the_month_is_closed(client):
    starts_at = timezone.now() - timedelta(days=40)
    appointment = AppointmentFactory(starts_at=starts_at, booked_at=starts_at - timedelta(days=5))
    client.force_login(appointment.adviser.user)
    page = reverse("operators:session_log", args=[appointment.uuid])

    shown = client.get(page)

    assert shown.context["closed_month"] == long_month(local_day(appointment.ends_at, appointment.site.zone))
    assert "comptée dans une régularisation" in shown.text
    log(appointment, now=timezone.now())
    session = CounsellingSession.objects.get()
    assert session.starts_at == starts_at
    assert session.recorded_at - session.starts_at > rules.SOFT_CLOCK


@pytest.mark.parametrize(
    ("days", "is_late"),
    [(1, False), (4, True)],
)
def test_page_says_when_the_soft_clock_is_over(client, days, is_late):
    appointment = AppointmentFactory(starts_at=timezone.now() - timedelta(days=days))
    client.force_login(appointment.adviser.user)

    page = client.get(reverse("operators:session_log", args=[appointment.uuid]))

    assert page.context["is_late"] is is_late


def test_who_cancelled_and_when_are_kept():
    appointment = AppointmentFactory()
    said = MONDAY_NINE - timedelta(days=1)

    log(
        appointment,
        attendance=Attendance.CANCELLED_BY_PERSON,
        cancelled_at=said,
        themes=[],
        next_step="",
    )

    appointment.refresh_from_db()
    assert (appointment.state, appointment.cancelled_at) == (AppointmentState.CANCELLED, said)


@pytest.mark.parametrize("shift", [timedelta(seconds=1), timedelta(days=-12)])
def test_cancellation_is_between_the_booking_and_now(shift):
    appointment = AppointmentFactory()

    with pytest.raises(CancelledAtInvalid):
        log(
            appointment,
            attendance=Attendance.CANCELLED_BY_PERSON,
            cancelled_at=NOW + shift,
            themes=[],
            next_step="",
        )


def test_page_keeps_when_it_was_cancelled_in_the_zone_of_the_site(client):
    starts_at = (timezone.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    appointment = AppointmentFactory(starts_at=starts_at, booked_at=starts_at - timedelta(days=5))
    client.force_login(appointment.adviser.user)
    page = reverse("operators:session_log", args=[appointment.uuid])
    form = client.get(page).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields if name != "themes"}
    said = timezone.localtime(starts_at) - timedelta(hours=3)

    answer = client.post(
        page,
        answers | {"attendance": "CANCELLED_BY_OPERATOR", "cancelled_at": said.strftime("%Y-%m-%dT%H:%M")},
    )

    appointment.refresh_from_db()
    assert answer.status_code == 302, answer.context["form"].errors
    assert (appointment.cancelled_at, appointment.cancelled_by) == (said, "OPERATOR")
