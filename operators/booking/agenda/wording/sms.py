"""The words of our SMS: one part each, no service name, and no place for who wants to be discreet."""

from typing import Any

from cep_portal.common.days import local
from cep_portal.common.wording.dates import hour, short_day, zone_note
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from cep_portal.messaging.rules import gsm7
from operators.booking.agenda.enums import CancelledBy
from operators.network.enums import Mode

HOW = {
    Mode.ON_SITE: "sur place",
    Mode.PHONE: "par téléphone",
    Mode.VIDEO: "en visio",
}
SHORTEST_PLACE = 10  # a name cut shorter tells nothing


def when(appointment: Any) -> str:
    """« lun. 30 nov. à 9 h 30 », with the zone outside the metropole."""
    zone = appointment.site.zone
    day = local(appointment.starts_at, zone)
    return f"{short_day(day)} à {hour(day)}{zone_note(zone)}".replace(NO_BREAK_SPACE, " ")


def reminder(appointment: Any, *, discreet: bool) -> str:
    return _with_place(
        f"Rappel : rendez-vous {when(appointment)}, {{}}. Un imprévu ? {appointment.site.phone}",
        appointment,
        discreet=discreet,
    )


def booked(appointment: Any, *, link: str, discreet: bool) -> str:
    """With the link when it fits; else by telephone. For who reads no e-mail: the link is their only key."""
    with_link = gsm7.transliterated(f"Rendez-vous {when(appointment)} : {link}")
    if gsm7.septets(with_link) <= gsm7.ONE_PART:
        return with_link
    return _with_place(
        f"Rendez-vous pris {when(appointment)}, {{}}. Un imprévu ? {appointment.site.phone}",
        appointment,
        discreet=discreet,
    )


def moved(appointment: Any, *, link: str, discreet: bool) -> str:
    with_link = gsm7.transliterated(f"Rendez-vous déplacé {when(appointment)} : {link}")
    if gsm7.septets(with_link) <= gsm7.ONE_PART:
        return with_link
    return _with_place(
        f"Rendez-vous déplacé {when(appointment)}, {{}}. Un imprévu ? {appointment.site.phone}",
        appointment,
        discreet=discreet,
    )


def changed(appointment: Any, *, link: str, discreet: bool) -> str:  # noqa: ARG001 -- says no place at all
    """Another way, the same hour: « déplacé » would make the person look for a new date."""
    how = HOW[Mode(appointment.mode)]
    with_link = gsm7.transliterated(f"Rendez-vous {when(appointment)}, {how} : {link}")
    if gsm7.septets(with_link) <= gsm7.ONE_PART:
        return with_link
    return gsm7.sayable(f"Rendez-vous {when(appointment)}, {how}. Un imprévu ? {appointment.site.phone}")


def cancelled(appointment: Any) -> str:
    excuse = " Veuillez nous excuser." if appointment.cancelled_by == CancelledBy.OPERATOR else ""
    text = f"Rendez-vous {when(appointment)} annulé.{excuse} Pour en reprendre un : {appointment.site.phone}"
    return gsm7.sayable(text)


def replaced(appointment: Any, *, is_kept: bool, link: str = "") -> str:
    """For all: who sets out today may not have read an e-mail. With `link`, for who reads none."""
    said = "un autre conseiller vous reçoit" if is_kept else "impossible"
    text = f"Rendez-vous {when(appointment)} : {said}"
    with_link = gsm7.transliterated(f"{text}. Répondre : {link}")
    if link and gsm7.septets(with_link) <= gsm7.ONE_PART:
        return with_link
    if link:
        return gsm7.sayable(f"{text}. Répondre : {appointment.site.phone}")
    act = "Refuser" if is_kept else "D’autres créneaux"
    return gsm7.sayable(f"{text}. {act} : voir courriel ou {appointment.site.phone}")


def _with_place(frame: str, appointment: Any, *, discreet: bool) -> str:
    """The frame with how, or where when it is not to be kept quiet, cut to what is left of 160."""
    how = HOW[Mode(appointment.mode)]
    frame = gsm7.sayable(frame)
    room = gsm7.ONE_PART - gsm7.septets(frame.replace("{}", ""))
    place = gsm7.sayable(appointment.site.name) if appointment.mode == Mode.ON_SITE and not discreet else ""
    if place and room >= SHORTEST_PLACE:
        return frame.replace("{}", gsm7.shortened(place, room))
    return frame.replace("{}", gsm7.sayable(how))
