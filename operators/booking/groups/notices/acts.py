"""What a person is told of a place: left in the transaction of the act, in words at its sending.

No subject names the service.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import contact_choices, reads_mail, tell_person
from beneficiaries.request.wording import reference_line
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer, Told
from cep_portal.messaging.rules import gsm7
from cep_portal.messaging.services import About, Attachment, Letter, News, Words
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.wording import calendar, minutes, sms, subject_of
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
    mode: str
    moved_from_id: None = None


def event_of(place: GroupPlace) -> Event:
    session = place.session
    over = place.state == PlaceState.CANCELLED
    return Event(
        uuid=place.uuid,
        site=session.site,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        beneficiary=place.beneficiary,
        calendar_sequence=int(over),
        mode=session.mode,
    )


def is_coming(told: Told) -> bool:
    """Whether the person still has the place and the meeting has not begun; never of a frozen file."""
    places = GroupPlace.objects.filter(
        uuid=told.uuid,
        state=PlaceState.BOOKED,
        beneficiary__restricted_at__isnull=True,
        beneficiary__erased_at__isnull=True,
    )
    return places.filter(session__period__startswith__gt=told.now).exists()


def tell_booked(place: GroupPlace, *, now: datetime) -> None:
    _tell(place, "booked", about=About(COMING, place.uuid), now=now)


def tell_cancelled(place: GroupPlace, *, now: datetime) -> list[str]:
    """The channels by which the person is told; none when nobody can write to them."""
    return _tell(place, "cancelled", about=None, now=now)


def _tell(place: GroupPlace, act: str, *, about: About | None, now: datetime) -> list[str]:
    """An SMS to who reads no e-mail; to all when the service cancels: they may be on their way."""
    by_operator = act == "cancelled" and place.cancelled_by == CancelledBy.OPERATOR
    left = tell_person(
        beneficiary=place.beneficiary,
        key=place.message_key(act),
        kind=MessageKind.ACT,
        news=News(f"group_place.{act}", place.uuid),
        with_sms=by_operator or not reads_mail(place.beneficiary),
        about=about,
        now=now,
    )
    return [message.channel for message in left]


def place_told(letter: Letter) -> GroupPlace | None:
    """The place that an act told of, with all that a message says; None when it is gone."""
    told = GroupPlace.objects.select_related(
        "session__site__commune", "beneficiary__contact_preferences", "service_request"
    )
    return told.filter(uuid=letter.news.uuid).first()


def _words(letter: Letter, *, act: str, method: str) -> Words | None:
    place = place_told(letter)
    if place is None:
        return None
    event = event_of(place)
    if letter.channel == MessageChannel.SMS:
        return Words(_sms(place, act=act))
    body = render_to_string(
        f"operators/booking/groups/mail/{act}.txt",
        {
            "place": place,
            "session": place.session,
            "site": event.site,
            "minutes": minutes(event),
            "link": links.place_link(place),
            "by_operator": place.cancelled_by == CancelledBy.OPERATOR,
            "asked": reference_line(place.service_request),
        },
    )
    file = calendar.calendar_file(
        event,
        method=method,
        now=letter.written_at,
        mailbox=letter.recipient,
        with_place=not contact_choices(place.beneficiary).discreet,
    )
    return Words(body, subject_of(event), Attachment("rendez-vous.ics", calendar.media_type(method), file))


def _sms(place: GroupPlace, *, act: str) -> str:
    """The link when it fits, else the number: no subject, no place."""
    event, phone = event_of(place), place.session.site.phone
    said = f"Réunion {sms.when(event)}"
    if act == "booked":
        with_link = gsm7.transliterated(f"{said} : {links.place_link(place)}")
        fits = gsm7.septets(with_link) <= gsm7.ONE_PART
        return with_link if fits else gsm7.sayable(f"{said}, place gardée. Un imprévu ? {phone}")
    excuse = " Veuillez nous excuser." if place.cancelled_by == CancelledBy.OPERATOR else ""
    over = "annulée" if excuse else "place rendue"
    return gsm7.sayable(f"{said} : {over}.{excuse} Une autre date : {phone}")


COMPOSERS = (
    Composer("group_place.booked", partial(_words, act="booked", method="REQUEST")),
    Composer("group_place.cancelled", partial(_words, act="cancelled", method="CANCEL")),
)
