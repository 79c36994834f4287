"""One day of an opening, changed: closed, or open at other hours (RDV-SP 1707)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.locks import locked
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import OpeningInvalid, OpeningOverBookings
from operators.booking.agenda.models import Appointment, OpeningException, OpeningRule
from operators.booking.agenda.rules.recurrence import falls_on
from operators.booking.agenda.services.holds import withdraw
from operators.booking.agenda.services.locks import lock_adviser_days
from operators.booking.agenda.services.openings import locked_rule

Hours = tuple[time, time]


@transaction.atomic
def change_opening_day(
    *, rule: OpeningRule, day: date, opens: time | None, closes: time | None, by: User, now: datetime
) -> OpeningException:
    """Close one day of an opening, without hours, or open it at others, local time, half-open.

    Raises OpeningInvalid when the opening has no such day to come or not one session fits,
    OpeningOverBookings, carrying the appointments, when sessions are booked in the hours taken away.
    People who hold a slot in them lose their hold.
    """
    zone = ZoneInfo(rule.site.zone)
    team = [one for one in (rule.adviser_id, rule.second_adviser_id) if one is not None]
    lock_adviser_days([(one, day) for one in team])
    rule = locked_rule(rule)
    if day < local_day(now, zone) or not falls_on(rule, day):
        raise OpeningInvalid("Cette plage n’ouvre pas ce jour-là.")
    if opens is not None and closes is not None and not _fits(rule, opens, closes):
        raise OpeningInvalid("Aucune séance ne tient entre ces deux heures.")
    _free_the_day(rule, day, None if opens is None or closes is None else (opens, closes), now=now)
    exception, _ = OpeningException.objects.update_or_create(
        rule=rule, day=day, defaults={"opens": opens, "closes": closes}
    )
    record(
        action="operators.opening.day_changed",
        target=exception,
        by=by,
        data={"day": day.isoformat(), "closed": exception.is_closed},
        now=now,
    )
    return exception


def _fits(rule: OpeningRule, opens: time, closes: time) -> bool:
    first, last = datetime.combine(date.min, opens), datetime.combine(date.min, closes)
    return last - first >= timedelta(minutes=rule.slot_minutes)


def _free_the_day(rule: OpeningRule, day: date, hours: Hours | None, *, now: datetime) -> None:
    """What was sold in the hours of that day and lies outside the new ones: booked refuses, held ends."""
    had = _hours_of(rule, day)
    if had is None:
        return
    within = Appointment.objects.filter(
        Q(adviser=rule.adviser_id) | Q(second_adviser=rule.adviser_id),
        site=rule.site_id,
        period__contained_by=_period(rule, day, had),
        period__startswith__gt=now,
        state__in=[AppointmentState.ON_HOLD, AppointmentState.BOOKED],
    )
    if hours is not None:
        within = within.exclude(period__contained_by=_period(rule, day, hours))
    sold = list(within.select_related("site", "beneficiary").order_by("period", "pk"))
    if booked := [appointment for appointment in sold if appointment.state == AppointmentState.BOOKED]:
        raise OpeningOverBookings(booked)
    withdraw(Appointment.objects.filter(pk__in=[appointment.pk for appointment in sold]))


def _hours_of(rule: OpeningRule, day: date) -> Hours | None:
    exception = rule.exceptions.filter(day=day).first()
    if exception is None:
        return rule.opens, rule.closes
    if exception.opens is None or exception.closes is None:
        return None
    return exception.opens, exception.closes


def _period(rule: OpeningRule, day: date, hours: Hours) -> DateTimeTZRange:
    zone = ZoneInfo(rule.site.zone)
    return DateTimeTZRange(datetime.combine(day, hours[0], zone), datetime.combine(day, hours[1], zone))


@transaction.atomic
def restore_opening_day(*, exception: OpeningException, by: User, now: datetime) -> None:
    """Give a day back its ordinary hours; appointments already taken stand. Done already, it is done."""
    if not locked(OpeningException.objects.all(), [exception.pk]):
        return
    record(
        action="operators.opening.day_restored",
        target=exception,
        by=by,
        data={"day": exception.day.isoformat()},
        now=now,
    )
    exception.delete()
