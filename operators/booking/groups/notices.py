"""What a person is told of a place, in the transaction of the act; no subject names the service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Told
from cep_portal.messaging.services import About, Attachment
from operators.booking.agenda import calendar
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.wording import minutes, subject_of
from operators.booking.groups import links
from operators.booking.groups.enums import PlaceState
from operators.booking.groups.models import GroupPlace
from operators.network.models import Site

COMING = "group_place.coming"


@dataclass(frozen=True)
class Event:
    """A place as the calendar file wants it: one event for each place, updated by its sequence."""

    uuid: UUID
    site: Site
    starts_at: datetime
    ends_at: datetime
    beneficiary: Beneficiary
    calendar_sequence: int
    moved_from_id: None = None


def event_of(place: GroupPlace) -> Event:
    session = place.session
    over = place.state == PlaceState.CANCELLED
    return Event(place.uuid, session.site, session.starts_at, session.ends_at, place.beneficiary, int(over))


def is_coming(told: Told) -> bool:
    """Whether the person still has the place and the meeting has not begun; never of a frozen file."""
    places = GroupPlace.objects.filter(
        uuid=told.uuid, state=PlaceState.BOOKED, beneficiary__restricted_at__isnull=True
    )
    return places.filter(session__period__startswith__gt=told.now).exists()


def tell_booked(place: GroupPlace, *, now: datetime) -> None:
    _tell(place, act="booked", method="REQUEST", about=About(COMING, place.uuid), now=now)


def tell_cancelled(place: GroupPlace, *, now: datetime) -> None:
    _tell(place, act="cancelled", method="CANCEL", about=None, now=now)


def _tell(place: GroupPlace, *, act: str, method: str, about: About | None, now: datetime) -> None:
    event = event_of(place)
    body = render_to_string(
        f"operators/booking/groups/mail/{act}.txt",
        {
            "place": place,
            "session": place.session,
            "site": event.site,
            "minutes": minutes(event),
            "link": links.place_link(place),
            "by_operator": place.cancelled_by == CancelledBy.OPERATOR,
        },
    )
    send_to_person(
        beneficiary=place.beneficiary,
        key=f"group-place-{act}-{place.uuid}",
        kind=MessageKind.ACT,
        subject=subject_of(event),
        body=body,
        about=about,
        now=now,
        attachment=Attachment(
            "rendez-vous.ics",
            calendar.media_type(method),
            calendar.calendar_file(event, method=method, now=now),
        ),
    )
