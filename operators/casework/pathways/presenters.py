"""The rows of the adviser's pages, in words, from objects already loaded: no query here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.urls import reverse

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import PARIS, local, local_day
from cep_portal.common.phones import dialled, phone
from cep_portal.common.to_do import Task
from cep_portal.common.wording.dates import (
    dated_day,
    dated_instant,
    hour,
    long_month,
    short_day,
    short_instant,
)
from cep_portal.common.wording.numbers import plural
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Appointment
from operators.booking.groups.models import GroupSession
from operators.casework.pathways import rules
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.hooks import Happening
from operators.casework.pathways.models import CounsellingSession, Pathway, SessionCorrection
from operators.network.enums import Mode, ServiceLevel

SEPARATOR = " · "


def days_ago(then: date, today: date) -> str:
    """« aujourd’hui », « hier », « il y a 3 jours »."""
    days = (today - then).days
    if days <= 0:
        return "aujourd’hui"
    return "hier" if days == 1 else f"il y a {days}{NO_BREAK_SPACE}jours"


def access_needs(values: Any) -> str:
    return ", ".join(AccessNeed(value).label for value in values)


def _person(appointment: Appointment) -> Beneficiary:
    """A booked appointment has a person: the constraint appointment_booked_has_person."""
    return cast("Beneficiary", appointment.beneficiary)


def day_entry(
    appointment: Appointment,
    pathway: Pathway | None,
    *,
    needed: Sequence[str] = (),
    home: int | None = None,
    now: datetime,
) -> dict:
    """One line of the day: when, who, what is asked, what is needed before, what is to do.

    The place is named unless it is `home`, the key of the one that the page names already.
    """
    zone = appointment.site.zone
    badge, kind = _standing(appointment, now=now)
    return {
        "start": hour(local(appointment.starts_at, zone)),
        "end": hour(local(appointment.ends_at, zone)),
        "title": _person(appointment).full_name,
        "url": _act_url(appointment, pathway, now=now),
        "detail": SEPARATOR.join([*_details(appointment, pathway, home), *needed]),
        "badge": badge,
        "badge_kind": kind,
        "links": _ways_in(appointment, now=now),
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
    }


def meeting_entry(session: GroupSession, *, zone: str) -> dict:
    """One line of the day for a meeting: when, about what, where, how many people come."""
    taken = session.taken  # type: ignore[attr-defined]  # annotated by the selector
    place = f"en visio, {session.site.name}" if session.mode == Mode.VIDEO else session.site.name
    return {
        "start": hour(local(session.starts_at, zone)),
        "end": hour(local(session.ends_at, zone)),
        "title": f"Réunion : {session.get_topic_display()}",
        "url": reverse("operators:group_detail", args=[session.uuid]),
        "detail": SEPARATOR.join([place, f"{taken} inscrit{plural(taken)} sur {session.capacity}"]),
        "badge": "réunion",
        "badge_kind": "info",
        "links": [],
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
    }


def _ways_in(appointment: Appointment, *, now: datetime) -> list[dict]:
    """What starts the session from the screen: the room of the video, the number to dial."""
    if appointment.state != AppointmentState.BOOKED or appointment.ends_at <= now:
        return []
    number = _person(appointment).phone
    if appointment.mode == Mode.VIDEO and appointment.video_url:
        return [{"label": "Rejoindre la visio", "url": appointment.video_url}]
    if appointment.mode == Mode.PHONE and number:
        return [{"label": "Appeler", "url": f"tel:{dialled(number)}"}]
    return []


def _standing(appointment: Appointment, *, now: datetime) -> tuple[str, str]:
    match appointment.state:
        case AppointmentState.ATTENDED:
            return "saisi", "success"
        case AppointmentState.NO_SHOW:
            return "non honoré", "neutral"
        case AppointmentState.CANCELLED:
            return f"annulé par {CancelledBy(appointment.cancelled_by).label}", "neutral"
    if appointment.ends_at <= now:
        return "à saisir", "warning"
    return ("en cours", "info") if appointment.starts_at <= now else ("", "neutral")


def _act_url(appointment: Appointment, pathway: Pathway | None, *, now: datetime) -> str | None:
    if appointment.state == AppointmentState.BOOKED and appointment.starts_at <= now:
        return reverse("operators:session_log", args=[appointment.uuid])
    return reverse("operators:pathway_detail", args=[pathway.uuid]) if pathway else None


def _details(appointment: Appointment, pathway: Pathway | None, home: int | None) -> list[str]:
    request = appointment.service_request
    parts = [appointment.get_level_display(), _how(appointment, home)]
    if request:
        parts.append(request.needs_label)
    if pathway is None and appointment.state == AppointmentState.BOOKED:
        parts.append("première séance")
    if asked := _asked_for(appointment):
        parts.append(f"à prévoir{NO_BREAK_SPACE}: {access_needs(asked)}")
    return parts


def _asked_for(appointment: Appointment) -> list[str]:
    """What the request asked for and what was added since for this appointment, each once."""
    request = appointment.service_request
    return list(dict.fromkeys([*(request.access_needs if request else ()), *appointment.access_needs]))


def _how(appointment: Appointment, home: int | None) -> str:
    number = _person(appointment).phone
    if appointment.mode == Mode.ON_SITE and appointment.site_id != home:
        return f"sur place, {appointment.site.name}"
    if appointment.mode == Mode.PHONE and number:
        return f"à appeler au {phone(number)}"
    return appointment.get_mode_display()


def to_log(appointment: Appointment, *, now: datetime) -> Task:
    """One appointment that waits for its log, with its age in words; two days, then it is late."""
    zone = appointment.site.zone
    ended_on = local_day(appointment.ends_at, zone)
    age = days_ago(ended_on, local_day(now, zone))
    when = short_instant(appointment.starts_at, zone, on=local_day(now))
    if not appointment.adviser.is_active:  # of a colleague who has left: who held it is said
        when = f"{when}{SEPARATOR}séance de {appointment.adviser.user.full_name}"
    return Task(
        verb="Saisir la séance de",
        about=_person(appointment).full_name,
        url=reverse("operators:session_log", args=[appointment.uuid]),
        due_on=ended_on + rules.SOFT_CLOCK,
        note=f"{when}, {age}",
    )


def timeline(
    sessions: Sequence[CounsellingSession],
    happenings: Sequence[Happening] = (),
    *,
    zone: str = PARIS,
    is_open: bool = False,
) -> list[dict]:
    """The sessions of a pathway and what happened between them, by month, latest first."""
    entries = [
        (session.starts_at, session.held_on, _session_entry(session, is_open=is_open)) for session in sessions
    ]
    for happening in happenings:
        day = local_day(happening.at, zone)
        entries.append((happening.at, day, _happening_entry(happening, day)))
    months: dict[str, list[dict]] = {}
    for _, day, entry in sorted(entries, key=lambda entry: entry[0], reverse=True):
        months.setdefault(long_month(day), []).append(entry)
    return [{"label": label, "entries": found} for label, found in months.items()]


def moved_since(
    sessions: Sequence[CounsellingSession],
    happenings: Sequence[Happening],
    coming: Sequence[Appointment],
    *,
    since: datetime | None,
    reader: User,
    zone: str,
) -> list[dict]:
    """What others wrote, what happened, what was booked since an instant, latest first: one day or none."""
    if since is None:
        return []
    rows = [
        (session.recorded_at, _session_entry(session, is_open=False))
        for session in sessions
        if session.recorded_at > since and session.adviser.user_id != reader.pk
    ]
    rows += [
        (happening.at, _happening_entry(happening, local_day(happening.at, zone)))
        for happening in happenings
        if happening.at > since
    ]
    rows += [
        (booked.booked_at, _booked_entry(booked, zone))
        for booked in coming
        if booked.booked_at and booked.booked_at > since
    ]
    entries = [entry for _, entry in sorted(rows, key=lambda row: row[0], reverse=True)]
    return [{"label": f"Le {short_instant(since, zone)}", "entries": entries}] if entries else []


def _booked_entry(booked: Appointment, zone: str) -> dict:
    return {
        "start": short_day(local_day(booked.booked_at or booked.starts_at, zone)),
        "title": f"Rendez-vous pris pour le {short_instant(booked.starts_at, booked.site.zone)}",
        "detail": SEPARATOR.join([booked.get_level_display(), booked.get_mode_display()]),
    }


def _happening_entry(happening: Happening, day: date) -> dict:
    return {
        "start": short_day(day),
        "title": happening.title,
        "url": happening.url,
        "detail": happening.detail,
        "badge": happening.badge,
        "badge_kind": happening.badge_kind,
    }


def _ways_to_correct(session: CounsellingSession, *, is_open: bool) -> list[dict]:
    if not is_open:
        return []
    return [{"label": "Corriger", "url": reverse("operators:session_correct", args=[session.uuid])}]


def _corrections(session: CounsellingSession) -> list[str]:
    """What the session said before each correction that stands."""
    return [
        f"corrigée le {dated_day(local_day(correction.corrected_at, session.zone))},"
        f" avant{NO_BREAK_SPACE}: {former_session(correction, session.zone)}"
        for correction in session.corrections.all()
    ]


def former_session(correction: SessionCorrection, zone: str) -> str:
    """« niveau 1, sur place, lun. 30 nov. 2026 10 h 05, 55 minutes »."""
    former = correction.former
    starts_at = datetime.fromisoformat(former["starts_at"])
    return ", ".join(
        [
            ServiceLevel(former["level"]).label,
            _in_a_sentence(Mode(former["mode"]).label),
            dated_instant(starts_at, zone),
            f"{former['duration_minutes']}{NO_BREAK_SPACE}minutes",
        ]
    )


def _session_entry(session: CounsellingSession, *, is_open: bool) -> dict:
    themes = ", ".join(Theme(value).label for value in session.themes)
    unplanned = ["séance imprévue"] if session.is_unplanned else []
    return {
        "start": short_day(session.held_on),
        "title": themes,
        "detail": SEPARATOR.join(
            [
                session.get_mode_display(),
                f"{session.duration_minutes}{NO_BREAK_SPACE}minutes",
                session.adviser.user.full_name,
                f"suite{NO_BREAK_SPACE}: {_in_a_sentence(session.get_next_step_display())}",
                *unplanned,
                *_lateness(session),
                *_corrections(session),
            ]
        ),
        "links": _ways_to_correct(session, is_open=is_open),
        "badge": session.get_level_display(),
        "badge_kind": "info" if session.level == "TWO" else "neutral",
    }


def _lateness(session: CounsellingSession) -> list[str]:
    """The second date of a session told late, and where it counts once its month is closed."""
    if not rules.was_recorded_late(ends_at=session.ends_at, recorded_at=session.recorded_at):
        return []
    recorded_on = local_day(session.recorded_at, session.zone)
    words = [f"saisie tardive, le {dated_day(recorded_on)}"]
    if rules.month_is_closed(session.held_on, on=recorded_on):
        words.append(f"compte en régularisation, {long_month(session.held_on)} étant clos")
    return words


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]


def levels_of(sessions: list[CounsellingSession]) -> str:
    """The levels in the order they were held: « niveau 1, puis niveau 2, puis niveau 1 »."""
    held: list[str] = []
    for session in sorted(sessions, key=lambda session: session.starts_at):
        if not held or held[-1] != session.get_level_display():
            held.append(session.get_level_display())
    return ", puis ".join(held)
