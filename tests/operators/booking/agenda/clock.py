"""One present for the tests of the agenda, and hours as people of a place say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from operators.booking.agenda.selectors import free_slots

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # Monday, 17:00 in Paris


def at(text: str, zone: str = "Europe/Paris") -> datetime:
    """at("2026-11-30 09:00") is nine o'clock there, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hours(contract, *, starts=NOW, days=10, now=NOW, **filters) -> list[str]:
    """The local starts of the free slots, in order: "2026-11-30 09:00"."""
    found = free_slots(
        contract=contract, starts=starts, ends=starts + timedelta(days=days), now=now, **filters
    )
    return [f"{slot.starts_at.astimezone(ZoneInfo(slot.zone)):%Y-%m-%d %H:%M}" for slot in found]
