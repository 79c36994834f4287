"""Who is expected to open what a desk knows of a person: contact and hours, nothing said there."""

from django.db.models import Q

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from cep_portal.common.personal_data import Readers
from operators.booking.agenda.models import Appointment


def person_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person, with those who answer or receive for the operators asked or booked; two queries.

    A duplicate merged into them (ADR 0036) was opened too: those lines are the person's.
    """
    asked = beneficiary.service_requests.values("contract__holder")
    booked = Appointment.objects.filter(beneficiary=beneficiary).values("site__contract__holder")
    desks = Mandate.objects.filter(
        Q(organisation__in=asked) | Q(organisation__in=booked),
        role__in=(Role.INTAKE_OFFICER, Role.ADVISER),
    ).order_by("pk")
    readers = Readers(frozenset(), frozenset(desks.values_list("user_id", flat=True)))
    merged = beneficiary.merged.order_by("pk").values_list("pk", flat=True)
    return dict.fromkeys((beneficiary.pk, *merged), readers)
