from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import Lower

from beneficiaries.request.models import Beneficiary, EmailCode, ServiceRequest
from beneficiaries.request.rules import clean_reference, folded
from cep_portal.territories.models import Commune


def local_day(*, commune: Commune, now: datetime) -> date:
    """The calendar day where the person lives or works: contracts change at local midnight."""
    return now.astimezone(ZoneInfo(commune.department.zone)).date()


def request_by_reference(reference: str) -> ServiceRequest | None:
    """One request with all that its page shows, however the reference was typed; one query."""
    requests = ServiceRequest.objects.select_related(
        "beneficiary", "contract__holder", "commune__department__region", "attestation"
    )
    return requests.filter(reference=clean_reference(reference)).first()


def requests_of(*, beneficiary: Beneficiary) -> QuerySet[ServiceRequest]:
    """A person's requests, latest first, with operator, place and attestation."""
    return beneficiary.service_requests.select_related(
        "contract__holder", "commune__department__region", "attestation"
    ).order_by("-requested_at", "-pk")


def email_code_of(*, service_request: ServiceRequest, uuid) -> EmailCode | None:
    return EmailCode.objects.filter(service_request=service_request, uuid=uuid).first()


def same_person(*, email: str, first_name: str, last_name: str) -> Beneficiary | None:
    """The person known by this address and this name: two people may share one mailbox."""
    wanted = folded(first_name), folded(last_name)
    known = Beneficiary.objects.alias(address=Lower("email")).filter(address=email.lower())
    for person in known.order_by("pk"):
        if (folded(person.first_name), folded(person.last_name)) == wanted:
            return person
    return None
