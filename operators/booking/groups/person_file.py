"""What groups do when a person freezes or erases the file, and until when a place is a contact."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.rights.hooks import FileEnd
from operators.booking.agenda.enums import CancelledBy
from operators.booking.groups.enums import PlaceState
from operators.booking.groups.models import GroupPlace
from operators.booking.groups.services import cancel_place


def give_back_coming(file_end: FileEnd) -> None:
    """Give back every place the person has in a meeting to come."""
    who = CancelledBy.OPERATOR if file_end.is_compulsory else CancelledBy.PERSON
    coming = GroupPlace.objects.filter(
        beneficiary=file_end.beneficiary,
        state=PlaceState.BOOKED,
        session__period__startswith__gt=file_end.now,
    )
    for place in coming.order_by("pk"):
        cancel_place(place=place, by=who, now=file_end.now, actor=file_end.by)


def had_place_since(since: datetime) -> Exists:
    """Whether a person has had, or has, a place in a meeting since an instant: a contact."""
    places = GroupPlace.objects.filter(beneficiary=OuterRef("pk"))
    return Exists(places.filter(session__period__endswith__gte=since))
