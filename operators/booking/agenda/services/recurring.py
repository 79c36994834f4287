"""Hours of the week at which an adviser never receives: a part-time day, a weekly meeting."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.locks import locked
from operators.booking.agenda import rules
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AbsenceInvalid, AbsenceOverBookings
from operators.booking.agenda.models import Appointment, RecurringAbsence
from operators.booking.agenda.rules.recurrence import days
from operators.booking.agenda.services.holds import withdraw
from operators.booking.agenda.services.locks import lock_adviser_days
from operators.booking.agenda.services.openings import check_meetings
from operators.network.models import Adviser


@dataclass(frozen=True)
class WeeklyHours:
    """Hours of a week day, every n weeks, half-open; both days included."""

    weekday: int
    starts: time
    ends: time
    every_weeks: int
    first_on: date
    last_on: date | None


@transaction.atomic
def lay_recurring_absence(
    *, adviser: Adviser, hours: WeeklyHours, by: User, now: datetime
) -> RecurringAbsence:
    """Block hours of a week day, half-open, in the zone of the adviser's home site.

    Raises AbsenceInvalid when it ends before it starts or is laid already, AbsenceOverBookings, carrying
    the appointments, when sessions are booked in it. People who hold a slot in it lose their hold.
    """
    if hours.ends <= hours.starts or (hours.last_on is not None and hours.last_on < hours.first_on):
        raise AbsenceInvalid("L’absence finit avant de commencer.")
    zone = ZoneInfo(adviser.site.zone)
    absence = RecurringAbsence(
        adviser=adviser,
        weekday=hours.weekday,
        starts=hours.starts,
        ends=hours.ends,
        every_weeks=hours.every_weeks,
        first_on=hours.first_on,
        last_on=hours.last_on,
    )
    # bookings lie before the horizon, and no later one is taken without reading the absence
    horizon = local_day(rules.latest_start(now), zone) + timedelta(days=1)
    away = list(days(absence, local_day(now, zone) - timedelta(days=1), horizon))
    near = {day + timedelta(days=n) for day in away for n in (-1, 0, 1)}  # a site may lie in another zone
    lock_adviser_days([(adviser.pk, day) for day in near])
    if _is_laid(absence):
        raise AbsenceInvalid("Cette absence est déjà posée.")
    _free_the_hours(absence, away, zone, now=now)
    absence.save()
    record(action="operators.recurring_absence.laid", target=absence, by=by, now=now)
    return absence


def _is_laid(absence: RecurringAbsence) -> bool:
    """The very same, under the locks of its days: sent twice, it is laid once."""
    return RecurringAbsence.objects.filter(
        adviser=absence.adviser,
        weekday=absence.weekday,
        starts=absence.starts,
        ends=absence.ends,
        every_weeks=absence.every_weeks,
        first_on=absence.first_on,
        last_on=absence.last_on,
    ).exists()


def _free_the_hours(absence: RecurringAbsence, away: list[date], zone: ZoneInfo, *, now: datetime) -> None:
    spans = [
        (datetime.combine(day, absence.starts, zone), datetime.combine(day, absence.ends, zone))
        for day in away
    ]
    coming = Appointment.objects.filter(
        Q(adviser=absence.adviser) | Q(second_adviser=absence.adviser),
        period__startswith__gt=now,
        state__in=[AppointmentState.ON_HOLD, AppointmentState.BOOKED],
    )
    within = [
        appointment
        for appointment in coming.select_related("site", "beneficiary").order_by("period", "pk")
        if any(appointment.starts_at < end and start < appointment.ends_at for start, end in spans)
    ]
    if booked := [appointment for appointment in within if appointment.state == AppointmentState.BOOKED]:
        raise AbsenceOverBookings(booked)
    for start, end in spans:
        check_meetings(absence.adviser, starts_at=max(start, now), ends_at=max(end, now), now=now)
    withdraw(Appointment.objects.filter(pk__in=[appointment.pk for appointment in within]))


@transaction.atomic
def remove_recurring_absence(*, absence: RecurringAbsence, by: User, now: datetime) -> None:
    """Take a regular absence back: its hours are offered again. Done already, it is done."""
    if not locked(RecurringAbsence.objects.all(), [absence.pk]):
        return
    record(action="operators.recurring_absence.removed", target=absence, by=by, now=now)
    absence.delete()
