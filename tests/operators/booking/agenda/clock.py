"""One present for the tests of the agenda, and hours as people of a place say them."""

from datetime import datetime, timedelta

from operators.booking.agenda.selectors import free_slots
from tests.clock import moved, usual_text

NOW = moved("2026-11-23 17:00")  # Monday, 17:00 in Paris


def at(text: str, zone: str = "Europe/Paris") -> datetime:
    """at("2026-11-30 09:00") is nine o'clock there, in the week that stands for it at this present."""
    return moved(text, zone)


def hours(contract, *, starts=NOW, days=10, now=NOW, **filters) -> list[str]:
    """The local starts of the free slots, in order, as `at` reads them: "2026-11-30 09:00"."""
    slots = free_slots(
        contract=contract, starts=starts, ends=starts + timedelta(days=days), now=now, **filters
    )
    return [usual_text(slot.starts_at, slot.zone) for slot in slots]
