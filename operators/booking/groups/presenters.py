"""Who was told of a cancelled meeting, and how: what stays on record for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from cep_portal.common.wording.dates import short_instant
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.models import Message
from cep_portal.messaging.selectors import messages_by_key
from cep_portal.messaging.wording import fate, has_reached
from operators.booking.groups.models import GroupPlace


@dataclass(frozen=True)
class ToldRow:
    place: GroupPlace
    sentences: tuple[str, ...]
    must_call: bool


def told_rows(places: Iterable[GroupPlace], *, zone: str) -> list[ToldRow]:
    """One row a person; `must_call` when no message reached them and nobody told them yet."""
    places = list(places)
    by_key = messages_by_key(keys=[place.message_key("cancelled") for place in places])
    return [_row(place, by_key[place.message_key("cancelled")], zone=zone) for place in places]


def _row(place: GroupPlace, written: list[Message], *, zone: str) -> ToldRow:
    # An old message is deleted: the place itself still says by which channel it left.
    lines = [fate(message) for message in written] or [MessageChannel(way).label for way in place.told_by]
    is_told = any(has_reached(message) for message in written) if written else bool(place.told_by)
    if place.reached_at is not None and place.reached_by is not None:
        who, when = place.reached_by.full_name, short_instant(place.reached_at, zone)
        lines.append(f"{place.get_reached_way_display()}, {who}, {when}")
        is_told = True
    gone = place.beneficiary.erased_at is not None
    return ToldRow(place, tuple(lines), must_call=not is_told and not gone)
