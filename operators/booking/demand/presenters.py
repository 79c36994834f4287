"""The rows of the desk, in words, from objects already loaded: no query here."""

from collections.abc import Iterable
from datetime import date, datetime

from beneficiaries.request.enums import ContactHours
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import long_day, short_day
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.booking.demand.enums import CallBackState, WishedHours
from operators.booking.demand.models import CallBack, WaitingEntry
from operators.booking.demand.selectors import Waiting
from operators.network.enums import Mode, ServiceLevel

ANY_HOUR = "à toute heure"
SEPARATOR = " · "


def wish(level: str, modes: Iterable[str], hours: Iterable[str]) -> str:
    """« niveau 1 · sur place ou en visio · après 18 h »."""
    ways = " ou ".join(Mode(mode).label for mode in modes)
    when = ", ".join(WishedHours(hour).label.lower() for hour in hours)
    return SEPARATOR.join(
        (ServiceLevel(level).label, ways, when.replace(" h", f"{NO_BREAK_SPACE}h") or ANY_HOUR)
    )


def age(then: date, today: date) -> str:
    days = (today - then).days
    if days <= 0:
        return "aujourd’hui"
    return "hier" if days == 1 else f"{days}{NO_BREAK_SPACE}jours"


def call_back_row(call_back: CallBack, *, now: datetime) -> dict:
    asked = call_back.service_request
    today = local_day(now, asked.commune.department.zone)
    return {
        "call_back": call_back,
        "request": asked,
        "promised": short_day(call_back.promised_on),
        "is_late": call_back.promised_on < today,
        "is_today": call_back.promised_on == today,
        "age": age(local_day(call_back.asked_at, asked.commune.department.zone), today),
        "wish": wish(call_back.level, call_back.modes, call_back.hours),
        "tries": call_back.try_count,  # type: ignore[attr-defined]  # annotated by the selector
    }


def is_overdue(call_back: CallBack, *, now: datetime) -> bool:
    return call_back.promised_on < local_day(now, call_back.service_request.commune.department.zone)


def promise(call_back: CallBack, *, now: datetime) -> str:
    """What the person reads of their call; a promise that was not kept says so."""
    day = long_day(call_back.promised_on)
    if is_overdue(call_back, now=now):
        return f"Nous devions vous appeler le {day} : nous vous devons toujours cet appel."
    hours = ContactHours(call_back.call_hours)
    when = "" if hours == ContactHours.ANY else f", {hours.label.lower()}"
    return f"Nous vous appelons le {day}{when}."


def promise_notice(call_back: CallBack, *, now: datetime) -> dict:
    title, kind = ("Un appel vous est dû", "warning")
    if not is_overdue(call_back, now=now):
        title, kind = ("Un rappel est prévu", "success")
    return {"title": title, "kind": kind, "text": promise(call_back, now=now)}


def call_back_said(call_back: CallBack) -> str:
    """What was written after a call, in one sentence."""
    if call_back.state == CallBackState.REACHED:
        return "Appel noté. Il reste à fixer le rendez-vous."
    if call_back.state == CallBackState.UNREACHED:
        return "Essai noté. Nous écrivons à la personne : elle a un lien pour choisir une date."
    return f"Essai noté. Prochain essai le {long_day(call_back.promised_on)}."


def waiting_row(entry: WaitingEntry, number: int) -> dict:
    place = "tous les lieux" if entry.anywhere or entry.site is None else entry.site.name
    return {
        "entry": entry,
        "number": number,
        "wish": wish(entry.level, entry.modes, entry.hours),
        "place": place,
        "has_offer": entry.has_offer,  # type: ignore[attr-defined]  # annotated by the selector
        "offers": entry.offer_count,  # type: ignore[attr-defined]
    }


def unmet_row(count: dict) -> dict:
    return {
        "department": count["commune__department__name"],
        "wish": wish(count["level"], count["modes"], count["hours"]),
        "times": count["times"],
    }


def waiting_rows(counts: Iterable[tuple[str, Waiting]]) -> list[dict]:
    return [
        {
            "site": site,
            "level": ServiceLevel(waiting.level).label,
            "mode": Mode(waiting.mode).label,
            "people": waiting.people,
        }
        for site, waiting in counts
    ]
