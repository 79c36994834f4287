from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.locks import locked
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda.errors import (
    AbsenceInvalid,
    AbsenceOverBookings,
    OpeningInvalid,
)
from operators.booking.agenda.hooks import next_meeting
from operators.booking.agenda.models import Absence, Appointment, OpeningRule
from operators.booking.agenda.services.holds import withdraw
from operators.booking.agenda.services.locks import lock_adviser_days
from operators.network.models import Adviser, Site
from operators.network.services import locked_sites

LONGEST_ABSENCE = timedelta(days=400)


@dataclass(frozen=True)
class OpeningHours:
    """Hours of a week day at a site, local time, half-open; both days included."""

    site: Site
    weekday: int
    opens: time
    closes: time
    every_weeks: int
    first_on: date
    last_on: date | None
    levels: list[str]
    modes: list[str]
    slot_minutes: int
    buffer_minutes: int


@transaction.atomic
def open_hours(
    *, adviser: Adviser, hours: OpeningHours, by: User, now: datetime, second_adviser: Adviser | None = None
) -> OpeningRule:
    """Open hours of a week day at a site of the adviser's operator, local time, half-open.

    With a `second_adviser` the two receive together. Raises OpeningInvalid when not one session fits, when
    the site or the colleague belongs to another operator, or the site is closed for good.
    """
    if not locked_sites(hours.site.pk)[hours.site.pk].is_open:
        raise OpeningInvalid(f"{hours.site.name} est fermé pour de bon : choisissez un autre lieu.")
    holder = adviser.site.contract.holder_id
    if hours.site.contract.holder_id != holder:
        raise OpeningInvalid("Ce site n’est pas de votre organisme.")
    if second_adviser is not None and (
        second_adviser == adviser or second_adviser.site.contract.holder_id != holder
    ):
        raise OpeningInvalid("Choisissez un collègue de votre organisme.")
    if _minutes(hours.closes) - _minutes(hours.opens) < hours.slot_minutes:
        raise OpeningInvalid("Aucune séance ne tient entre ces deux heures.")
    if hours.last_on is not None and hours.last_on < hours.first_on:
        raise OpeningInvalid("La fin de la plage précède son début.")
    rule = OpeningRule.objects.create(
        adviser=adviser,
        site=hours.site,
        weekday=hours.weekday,
        opens=hours.opens,
        closes=hours.closes,
        every_weeks=hours.every_weeks,
        first_on=hours.first_on,
        last_on=hours.last_on,
        levels=hours.levels,
        modes=hours.modes,
        slot_minutes=hours.slot_minutes,
        buffer_minutes=hours.buffer_minutes,
        second_adviser=second_adviser,
    )
    record(action="operators.opening.opened", target=rule, by=by, now=now)
    return rule


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


@transaction.atomic
def end_opening(*, rule: OpeningRule, last_on: date, by: User, now: datetime) -> OpeningRule:
    """Stop offering the hours after a day; appointments already taken stand. Raises OpeningInvalid when a
    closing took them away meanwhile."""
    rule = locked_rule(rule)
    rule.last_on = last_on if rule.last_on is None else min(last_on, rule.last_on)
    rule.save(update_fields=["last_on"])
    record(
        action="operators.opening.ended",
        target=rule,
        by=by,
        data={"last_on": rule.last_on.isoformat()},
        now=now,
    )
    return rule


@transaction.atomic
def go_on_opening(*, rule: OpeningRule, ended_on: date, by: User, now: datetime) -> OpeningRule:
    """Offer again, without an end, hours that were stopped on a day by mistake.

    Raises OpeningInvalid when they end another day, or the place closed for good meanwhile.
    """
    rule = locked_rule(rule)
    if rule.last_on != ended_on or not rule.site.is_open:
        raise OpeningInvalid("La fin de cette plage a changé entre-temps. Rouvrez la page.")
    rule.last_on = None
    rule.save(update_fields=["last_on"])
    record(action="operators.opening.continued", target=rule, by=by, now=now)
    return rule


def locked_rule(rule: OpeningRule) -> OpeningRule:
    """Hours as they are now. Raises OpeningInvalid when a place that closed for good took them away."""
    rows = locked(OpeningRule.objects.select_related("site", "adviser", "second_adviser"), [rule.pk])
    if rule.pk not in rows:
        raise OpeningInvalid("Cette plage n’existe plus : son lieu a fermé. Rouvrez la page.")
    return rows[rule.pk]


@transaction.atomic
def lay_absence(
    *,
    adviser: Adviser,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    now: datetime,
) -> Absence:
    """Block a half-open period: nobody books in it from now on.

    Raises AbsenceOverBookings, carrying the appointments, when sessions are booked in it; AbsenceInvalid
    when it ends before it starts, in the past, or is laid already.
    People who hold a slot in it lose their hold.
    """
    check_absence(starts_at=starts_at, ends_at=ends_at, now=now)
    period = DateTimeTZRange(starts_at, ends_at)
    lock_adviser_days(absence_days(adviser, starts_at, ends_at))
    if adviser.absences.filter(period=period).exists():
        raise AbsenceInvalid("Cette absence est déjà posée.")
    receives = Q(adviser=adviser) | Q(second_adviser=adviser)
    within = Appointment.objects.filter(receives, period__overlap=period)
    booked = within.to_come(now)  # what is under way goes on
    if over := list(booked.select_related("site", "beneficiary").order_by("period")):
        raise AbsenceOverBookings(over)
    check_meetings(adviser, starts_at=max(starts_at, now), ends_at=ends_at, now=now)
    withdraw(within)
    absence = Absence.objects.create(adviser=adviser, period=period)
    record(action="operators.absence.laid", target=absence, by=by, now=now)
    return absence


def check_absence(*, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises AbsenceInvalid when it ends before it starts, in the past, or after 13 months."""
    if ends_at <= starts_at:
        raise AbsenceInvalid("L’absence finit avant de commencer.")
    if ends_at <= now:
        raise AbsenceInvalid("Cette absence est déjà passée.")
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise AbsenceInvalid("Une absence dure 13 mois au plus.")


def check_meetings(adviser: Adviser, *, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises AbsenceInvalid over a meeting: only its cancellation tells each person who has a place."""
    meeting = next_meeting(adviser=adviser, starts_at=starts_at, ends_at=ends_at, now=now)
    if meeting is not None:
        when = long_instant(meeting, adviser.site.zone)
        raise AbsenceInvalid(f"Une réunion d’information est prévue {when} : annulez-la d’abord.")


def absence_days(adviser: Adviser, starts_at: datetime, ends_at: datetime) -> Any:
    """Every local day touched, and one more on each side: a site may lie in another zone."""
    zone = ZoneInfo(adviser.site.zone)
    first = local_day(starts_at, zone) - timedelta(days=1)
    last = local_day(ends_at, zone) + timedelta(days=1)
    return [(adviser.pk, first + timedelta(days=n)) for n in range((last - first).days + 1)]


@transaction.atomic
def remove_absence(*, absence: Absence, by: User, now: datetime) -> None:
    """Take an absence back: its hours are offered again. Done already, it is done."""
    if not locked(Absence.objects.all(), [absence.pk]):
        return
    record(
        action="operators.absence.removed",
        target=absence,
        by=by,
        data={"from": absence.period.lower.isoformat()},
        now=now,
    )
    absence.delete()
