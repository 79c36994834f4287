"""What the agenda does when a person freezes or erases the file, and who is expected to read it."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.hooks import FileEnd
from cep_portal.common.personal_data import Readers
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.errors import TooLateToChange
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import cancel_appointment
from operators.network.models import Adviser

TOO_NEAR = (
    "Un de vos rendez-vous commence bientôt : il ne peut plus être annulé ici."
    " Revenez après, ou annulez-le par téléphone."
)


def cancel_coming(file_end: FileEnd) -> None:
    """Free every coming slot of a person. Raises TooLateToChange when the person alone is too late."""
    coming = Appointment.objects.filter(beneficiary=file_end.beneficiary, state=AppointmentState.BOOKED)
    if file_end.is_compulsory:
        coming = coming.filter(period__startswith__gt=file_end.now)
        who = CancelledBy.OPERATOR
    else:
        coming = coming.filter(period__endswith__gt=file_end.now)
        who = CancelledBy.PERSON
    for appointment in coming.select_related("service_request").order_by("pk"):
        try:
            cancel_appointment(appointment=appointment, by=who, now=file_end.now)
        except TooLateToChange as refusal:
            raise TooLateToChange(TOO_NEAR) from refusal


def had_appointment_since(since: datetime) -> Exists:
    """Whether a person has had, or has, an appointment since an instant: a contact, for the retention."""
    return Exists(
        Appointment.objects.filter(beneficiary=OuterRef("pk"), period__endswith__gte=since).exclude(
            state__in=AppointmentState.never_booked
        )
    )


def appointment_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's appointments, each with its adviser and those of the same site; two queries."""
    rows = Appointment.objects.filter(beneficiary=beneficiary).values_list(
        "pk", "adviser__user_id", "site_id"
    )
    found = list(rows.order_by("pk"))
    near = colleagues({site for *_, site in found})
    return {pk: Readers(frozenset({user}), near.get(site, frozenset())) for pk, user, site in found}


def colleagues(sites: set[int]) -> dict[int, frozenset[int]]:
    """The users who receive at each site; one query."""
    found: dict[int, set[int]] = {}
    for site, user in Adviser.objects.filter(site__in=sites).values_list("site_id", "user_id").order_by("pk"):
        found.setdefault(site, set()).add(user)
    return {site: frozenset(users) for site, users in found.items()}
