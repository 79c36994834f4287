from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from beneficiaries.request.errors import CLOSED, FileRestricted
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.rules import clean_reference, folded
from cep_portal.accounts.models import User
from cep_portal.common import phones


def request_by_reference(reference: str) -> ServiceRequest | None:
    """One request with all that its page shows, however the reference was typed; one query."""
    requests = ServiceRequest.objects.select_related(
        "beneficiary", "contract__holder", "commune__department__region", "attestation"
    )
    return requests.filter(reference=clean_reference(reference)).first()


def request_to_act_on(reference: str) -> ServiceRequest | None:
    """As request_by_reference, for a page that adds something. Raises FileRestricted for a closed file."""
    request = request_by_reference(reference)
    refuse_closed(request.beneficiary if request else None)
    return request


def refuse_closed(person: Beneficiary | None) -> None:
    """Raises FileRestricted for who opens a link of a file frozen or erased; no query.

    The words do not tell which: a link may have been forwarded. What writes locks and looks again.
    """
    if person is not None and person.is_closed:
        raise FileRestricted(CLOSED)


def has_frozen_file(*, user: User) -> bool:
    return Beneficiary.objects.filter(user=user, restricted_at__isnull=False).exists()


def requests_of(*, beneficiary: Beneficiary) -> QuerySet[ServiceRequest]:
    """A person's requests, latest first, with operator, place and attestation."""
    return beneficiary.service_requests.select_related(
        "contract__holder", "commune__department__region", "attestation"
    ).order_by("-requested_at", "-pk")


def contact_code_of(*, service_request: ServiceRequest, uuid: UUID | str) -> ContactCode | None:
    return ContactCode.objects.filter(service_request=service_request, uuid=uuid).first()


def people_known_by(contact_code: ContactCode) -> list[Beneficiary]:
    """The people who once proved this contact under this name, oldest first.

    A mailbox or a phone may be shared: the name must match. Who was only told of by somebody else (ADR
    0024) counts too; a number typed beside a proved address finds nobody, and nothing is added to a file
    that its person has frozen. The contact of a duplicate leads to the person it was merged into.
    """
    if contact_code.by_sms:
        same, proved = Q(phone=contact_code.phone), Q(phone_verified_at__isnull=False)
    else:
        same, proved = Q(address=contact_code.email.lower()), Q(email_verified_at__isnull=False)
    known = Beneficiary.objects.alias(address=Lower("email")).filter(
        same, proved | Q(contact_proved_at__isnull=True)
    )
    known = known.filter(
        Q(merged_into__isnull=True)
        | Q(merged_into__restricted_at__isnull=True, merged_into__erased_at__isnull=True),
        restricted_at__isnull=True,
        erased_at__isnull=True,
    )
    people = known.select_related("merged_into").order_by("pk")
    named = [person.merged_into or person for person in people if _is_named(person, contact_code)]
    return sorted({person.pk: person for person in named}.values(), key=lambda person: person.pk)


def has_contact(person: Beneficiary, contact_code: ContactCode) -> bool:
    """Whether the contact of a code is the person's own, and not that of a duplicate merged into them."""
    if contact_code.by_sms:
        return phones.kept(person.phone) == contact_code.phone
    return person.email.lower() == contact_code.email.lower()


def is_told_by(person: Beneficiary, contact_code: ContactCode) -> bool:
    """Whether a person has the name and the contact of a code, proved or only told (ADR 0024)."""
    return has_contact(person, contact_code) and _is_named(person, contact_code)


def _is_named(person: Beneficiary, contact_code: ContactCode) -> bool:
    names = folded(contact_code.first_name), folded(contact_code.last_name)
    return (folded(person.first_name), folded(person.last_name)) == names


def asked_since(since: datetime) -> Exists:
    """Whether a person made a request since an instant: a contact, for the retention of the file."""
    return Exists(ServiceRequest.objects.filter(beneficiary=OuterRef("pk"), requested_at__gte=since))
