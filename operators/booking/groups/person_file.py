"""What groups do when a person freezes or erases the file, and until when a place is a contact."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import CancelledBy
from operators.booking.groups.enums import PlaceState
from operators.booking.groups.models import GroupPlace
from operators.booking.groups.services import cancel_place


def give_back_coming(
    *, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool
) -> None:
    """Give back every place the person has in a meeting to come."""
    who = CancelledBy.OPERATOR if is_compulsory else CancelledBy.PERSON
    coming = GroupPlace.objects.filter(
        beneficiary=beneficiary, state=PlaceState.BOOKED, session__period__startswith__gt=now
    )
    for place in coming.order_by("pk"):
        cancel_place(place=place, by=who, now=now, actor=by)


def had_place_since(since: datetime) -> Exists:
    """Whether a person has had, or has, a place in a meeting since an instant: a contact."""
    places = GroupPlace.objects.filter(beneficiary=OuterRef("pk"))
    return Exists(places.filter(session__period__endswith__gte=since))
