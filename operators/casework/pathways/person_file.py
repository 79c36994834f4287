"""Who is expected to open a pathway, and when a person was last received."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.request.models import Beneficiary
from cep_portal.common.personal_data import Readers
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.person_file import colleagues
from operators.casework.pathways import hooks
from operators.casework.pathways.models import CounsellingSession, Pathway

FOLLOWING = (AppointmentState.BOOKED, AppointmentState.ATTENDED)  # who receives then reads the file


def received_since(since: datetime) -> Exists:
    """Whether a person was received since an instant: a contact, for the retention of the file."""
    return Exists(
        CounsellingSession.objects.filter(pathway__beneficiary=OuterRef("pk"), starts_at__gte=since)
    )


def pathway_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's pathways, each with who follows, receives or stood in, and their colleagues."""
    rows = Pathway.objects.filter(beneficiary=beneficiary).values_list(
        "pk", "adviser__user_id", "adviser__site_id"
    )
    found = list(rows.order_by("pk"))
    met = CounsellingSession.objects.filter(pathway__beneficiary=beneficiary)
    followers = set(met.values_list("pathway_id", "adviser__user_id").order_by("pk"))
    followers |= hooks.stand_ins(beneficiary=beneficiary)
    receiving = _receiving(beneficiary)
    near = colleagues({site for *_, site in found})
    return {
        pk: Readers(
            frozenset({user, *receiving, *(one for pathway, one in followers if pathway == pk)}),
            near.get(site, frozenset()),
        )
        for pk, user, site in found
    }


def _receiving(beneficiary: Beneficiary) -> set[int]:
    """The users who receive the person, alone or as the second of a pair; one query."""
    booked = Appointment.objects.filter(beneficiary=beneficiary, state__in=FOLLOWING)
    pairs = booked.order_by("pk").values_list("adviser__user_id", "second_adviser__user_id")
    return {user for pair in pairs for user in pair if user is not None}
