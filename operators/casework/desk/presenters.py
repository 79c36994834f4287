"""The days of advisers as an agenda shows them: appointments, meetings, absences, and the hours behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.urls import reverse

from cep_portal.accounts.models import User
from cep_portal.common import hour_grid
from cep_portal.common.days import local, local_day
from cep_portal.common.to_do import Task, Tasks, first_tasks
from cep_portal.common.wording.dates import hour
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Absence, Appointment, RecurringAbsence
from operators.booking.agenda.rules.recurrence import falls_on
from operators.booking.agenda.selectors import Slot, free_slots
from operators.booking.agenda.selectors.opening_days import OpeningDay, opening_days
from operators.booking.demand import presenters as demand_presenters
from operators.booking.demand.models import CallBack
from operators.booking.groups.models import GroupSession
from operators.booking.groups.selectors import adviser_sessions
from operators.casework.pathways import presenters
from operators.network.models import Adviser

A_DAY = timedelta(days=1)
WORKING_DAYS = 5


@dataclass(frozen=True)
class Span:
    """The local days shown, both included, in the zone of the advisers' site."""

    first_on: date
    last_on: date
    zone: str

    @property
    def days(self) -> list[date]:
        return [self.first_on + A_DAY * count for count in range((self.last_on - self.first_on).days + 1)]

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time.min, tzinfo=ZoneInfo(self.zone))
        return midnight, datetime.combine(day + A_DAY, time.min, tzinfo=ZoneInfo(self.zone))

    @property
    def period(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.bounds(self.first_on)[0], self.bounds(self.last_on)[1])


@dataclass(frozen=True)
class Facts:
    """All that the days of some advisers hold, whatever their number: nine queries, eight for days past."""

    span: Span
    appointments: list[Appointment]
    meetings: list[GroupSession]
    absences: list[Absence]
    recurring: list[RecurringAbsence]
    openings: list[OpeningDay]
    slots: list[Slot]


def colleagues(*, user: User, site_id: int) -> QuerySet[Adviser]:
    """The active advisers of a site of the user's organisation, by name."""
    team = Adviser.objects.visible_to(user).filter(site=site_id, is_active=True)
    return team.select_related("user", "site__contract").order_by("user__last_name", "user__first_name", "pk")


def adviser_known(*, user: User, uuid: UUID) -> Adviser | None:
    """An adviser of the user's organisation."""
    return Adviser.objects.visible_to(user).filter(uuid=uuid).select_related("user", "site__contract").first()


def facts_of(advisers: Sequence[Adviser], *, user: User, span: Span, now: datetime) -> Facts:
    openings = opening_days(advisers=advisers, first_on=span.first_on, last_on=span.last_on)
    taken = (
        Appointment.objects.visible_to(user)
        .filter(Q(adviser__in=advisers) | Q(second_adviser__in=advisers), period__overlap=span.period)
        .exclude(state__in=AppointmentState.never_booked)
        .exclude(state=AppointmentState.CANCELLED)
    )
    return Facts(
        span=span,
        appointments=list(
            taken.select_related("beneficiary", "site", "service_request").order_by("period", "pk")
        ),
        meetings=adviser_sessions(
            advisers=advisers, first_on=span.first_on, last_on=span.last_on, zone=span.zone
        ),
        absences=list(
            Absence.objects.filter(adviser__in=advisers, period__overlap=span.period).order_by("period", "pk")
        ),
        recurring=list(RecurringAbsence.objects.filter(adviser__in=advisers).order_by("starts", "pk")),
        openings=openings,
        slots=_free(advisers, openings, span=span, now=now),
    )


def _free(
    advisers: Sequence[Adviser], openings: Sequence[OpeningDay], *, span: Span, now: datetime
) -> list[Slot]:
    """What is free, as the database says it: a hole that is seen is a hole that is booked."""
    if not openings:
        return []
    return free_slots(
        contract=advisers[0].site.contract,
        starts=span.period.lower,
        ends=span.period.upper,
        now=now,
        adviser=advisers[0] if _receives_alone(advisers, openings) else None,
        sites=sorted({opening_day.rule.site_id for opening_day in openings}),
    )


def _receives_alone(advisers: Sequence[Adviser], openings: Sequence[OpeningDay]) -> bool:
    """Whether the hours are those that one adviser opens; those of a pair are sought at their sites."""
    return len(advisers) == 1 and all(row.rule.adviser_id == advisers[0].pk for row in openings)


def agenda_day(facts: Facts, adviser: Adviser, day: date, *, label: str, now: datetime) -> dict:
    """One column of an agenda: what takes time in order, the hours open behind it and what is free there."""
    starts, ends = facts.span.bounds(day)
    entries = [
        _appointment_entry(appointment, now=now)
        for appointment in facts.appointments
        if _theirs(appointment, adviser) and appointment.starts_at < ends and appointment.ends_at > starts
    ]
    entries += [
        presenters.meeting_entry(session, zone=facts.span.zone)
        for session in facts.meetings
        if _theirs(session, adviser) and session.starts_at < ends and session.ends_at > starts
    ]
    entries += _absences(facts, adviser, day)
    entries.sort(key=lambda entry: entry["starts_at"])
    midnight, zone = starts, ZoneInfo(facts.span.zone)
    own = [row for row in facts.openings if row.day == day and _opens(row, adviser)]
    return {
        "label": label,
        "note": _hours(own),
        "entries": [_timed(entry, midnight) for entry in entries],
        "free": [_timed(entry, midnight) for entry in _free_entries(facts, adviser, starts, ends)],
        "open": [
            (hour_grid.minute_of(row.opens), hour_grid.minute_of(row.closes))
            for row in own
            if row.opens and row.closes
        ],
        "is_off": any(row.why and row.exception is None for row in own),
        "day": day,
        "is_today": day == local_day(now, zone),
    }


def _theirs(appointment: Appointment | GroupSession, adviser: Adviser) -> bool:
    return adviser.pk in (appointment.adviser_id, appointment.second_adviser_id)


def _appointment_entry(appointment: Appointment, *, now: datetime) -> dict:
    entry = presenters.day_entry(appointment, None, now=now)
    parts = [appointment.get_level_display(), appointment.get_mode_display()]
    entry["detail"] = presenters.SEPARATOR.join(parts)
    booked = appointment.state == AppointmentState.BOOKED
    if booked and appointment.starts_at > now and appointment.service_request_id:
        url = reverse("operators:caller_move", args=[appointment.uuid])
        entry["links"] = [*entry["links"], {"label": "Déplacer", "url": url}]
    if entry["url"] is None and appointment.beneficiary:
        entry["url"] = reverse("operators:caller_detail", args=[appointment.beneficiary.uuid])
    return entry


def _absences(facts: Facts, adviser: Adviser, day: date) -> list[dict]:
    starts, ends = facts.span.bounds(day)
    zone = ZoneInfo(facts.span.zone)
    away = [
        (max(absence.period.lower, starts), min(absence.period.upper, ends))
        for absence in facts.absences
        if absence.adviser_id == adviser.pk and absence.period.lower < ends and absence.period.upper > starts
    ]
    away += [
        (datetime.combine(day, absence.starts, tzinfo=zone), datetime.combine(day, absence.ends, tzinfo=zone))
        for absence in facts.recurring
        if absence.adviser_id == adviser.pk and absence.weekday == day.isoweekday() and falls_on(absence, day)
    ]
    return [
        {
            "start": hour(first.astimezone(zone)),
            "end": "24 h" if last == ends else hour(last.astimezone(zone)),
            "title": "Absence",
            "badge": "absent",
            "kind": "away",
            "starts_at": first,
            "ends_at": last,
        }
        for first, last in away
    ]


def _timed(entry: dict, midnight: datetime) -> dict:
    """The same with its minutes in the day."""
    span = hour_grid.minutes_of(entry["starts_at"], entry["ends_at"], midnight=midnight)
    return entry | {"span": span, "kind": entry.get("kind", "entry")}


def _free_entries(facts: Facts, adviser: Adviser, starts: datetime, ends: datetime) -> list[dict]:
    """The free hours of an adviser, alone or with a colleague, each leading to the booking at that hour."""
    zone = ZoneInfo(facts.span.zone)
    leads = {row.rule.adviser_id: row.rule.adviser for row in facts.openings} | {adviser.pk: adviser}
    return [
        {
            "kind": "free",
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "title": f"{hour(slot.starts_at.astimezone(zone))} – {hour(slot.ends_at.astimezone(zone))}",
            "detail": "" if lead == adviser.pk else f"avec {leads[lead].user.full_name}",
            "url": booking_url(leads[lead], slot.starts_at),
        }
        for slot in facts.slots
        if starts <= slot.starts_at < ends
        for lead in [slot.lead_for(adviser.pk)]
        if lead in leads
    ]


def booking_url(adviser: Adviser, starts_at: datetime) -> str:
    """Where an hour of an adviser is booked, said in the zone of their site."""
    starts = local(starts_at, adviser.site.zone)
    hour_of_day = {"qui": adviser.uuid, "jour": starts.date().isoformat(), "heure": f"{starts:%H:%M}"}
    return reverse("operators:slot_book", query=hour_of_day)


def with_closed_hours(days: Sequence[dict], *, present: date) -> list[dict]:
    """The same days, with what the adviser may still open in the usual hours of the working days to come."""
    return [day | {"closed": _closed(day) if _may_be_opened(day, present) else []} for day in days]


def _may_be_opened(day: dict, present: date) -> bool:
    return day["day"] > present and day["day"].isoweekday() <= WORKING_DAYS and not day["is_off"]


def _closed(day: dict) -> list[dict]:
    taken = [*day["open"], *(entry["span"] for entry in day["entries"])]
    left = hour_grid.gaps(taken, within=hour_grid.USUAL, least=hour_grid.HOUR)
    return [
        {
            "kind": "closed",
            "span": span,
            "title": f"{hour(opens)} – {hour(closes)}",
            "url": reverse(
                "operators:opening_add",
                query={"jour": day["day"].isoformat(), "de": f"{opens:%H:%M}", "a": f"{closes:%H:%M}"},
            ),
        }
        for span in left
        for opens, closes in [(time(*divmod(span[0], 60)), time(*divmod(span[1], 60)))]
    ]


def _hours(own: Sequence[OpeningDay]) -> str:
    """« Ouvert 9 h – 12 h, 14 h – 17 h », or why nobody is received."""
    if not own:
        return "aucune ouverture"
    hours = [f"{hour(day.opens)} – {hour(day.closes)}" for day in own if day.opens and day.closes]
    return f"ouvert {', '.join(hours)}" if hours else own[0].why


def _opens(day: OpeningDay, adviser: Adviser) -> bool:
    return adviser.pk in (day.rule.adviser_id, day.rule.second_adviser_id)


def calls_due(due: QuerySet[CallBack], *, now: datetime) -> Tasks:
    """The first calls of a list, each leading to the slots of its request."""

    def task(call_back: CallBack) -> Task:
        row = demand_presenters.call_back_row(call_back, now=now)
        follow = reverse("operators:call_back_follow", args=[call_back.uuid])
        return Task(
            verb="Rappeler",
            about=call_back.name,
            phone=call_back.phone,
            take_url="" if call_back.taken_by else follow,
            due_on=call_back.promised_on,
            url=reverse("operators:call_slots", args=[call_back.service_request.reference]),
            note=f"{row['wish']}{_taken(call_back)}",
        )

    return first_tasks(due, task, reverse("operators:call_back_list"))


def _taken(call_back: CallBack) -> str:
    return f" · pris par {call_back.taken_by.full_name}" if call_back.taken_by else ""
