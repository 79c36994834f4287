from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from beneficiaries.request.errors import CLOSED, AnswersGone, FileRestricted
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest, open_file
from beneficiaries.request.rules import (
    UNDER_WAY_KEY,
    clean_reference,
    folded,
    is_under_way,
    reference_under_way,
)
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common import phones
from cep_portal.common.compiled import Ask, Compiled
from cep_portal.common.days import local_day
from cep_portal.territories.selectors import commune_by_code
from procurement.contracts.selectors import contract_in_force

FACTS = ("situation", "commune_basis", "needs", "urgency", "access_needs")


def request_by_reference(reference: str) -> ServiceRequest | None:
    """One request with all that its page shows, however the reference was typed; one query."""
    return _OF_REFERENCE.first(reference=clean_reference(reference))


def _requests() -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.select_related(
        "beneficiary", "contract__holder", "commune__department__region", "attestation"
    )


_OF_REFERENCE = Compiled(lambda: _requests().filter(reference=Ask("reference")))


def asked_here(
    *, reference: str, session: SessionBase, user: User | AnonymousUser, now: datetime
) -> ServiceRequest | None:
    """The request of an address: written, or under way in this session and then without a key.

    None for an unknown reference. Raises AnswersGone when it was under way and the session is over, or when
    nobody holds the territory any more.
    """
    if not is_under_way(reference):
        return request_by_reference(reference)
    answers = session.get(UNDER_WAY_KEY, {}).get(reference)
    if answers is None:
        raise AnswersGone
    written = _requests().filter(uuid=answers["key"]).first()
    return written or _under_way(answers, reference=reference, user=user, now=now)


def _under_way(answers: dict, *, reference: str, user: User | AnonymousUser, now: datetime) -> ServiceRequest:
    place = commune_by_code(answers["commune"])
    contract = contract_in_force(place, on=local_day(now, place.department.zone)) if place else None
    if place is None or contract is None:
        raise AnswersGone
    return ServiceRequest(
        uuid=UUID(answers["key"]),
        reference=reference,
        commune=place,
        contract=contract,
        beneficiary=person_behind(user),
        **{name: answers[name] for name in FACTS},
    )


def wished_place(*, service_request: ServiceRequest, session: SessionBase) -> str:
    """The slug of the place the road began from, in this session; empty for none."""
    answers = session.get(UNDER_WAY_KEY, {}).get(reference_under_way(service_request.uuid), {})
    return answers.get("place", "")


def person_behind(user: User | AnonymousUser | None) -> Beneficiary | None:
    """Who is signed in, when it is a person: a request of theirs is in their name at once."""
    if user is None or not isinstance(user, User) or user.role != Role.BENEFICIARY:
        return None
    return Beneficiary.objects.filter(open_file(), user=user).first()


def request_to_act_on(reference: str) -> ServiceRequest | None:
    """As request_by_reference, for a page that adds something. Raises FileRestricted for a closed file."""
    request = request_by_reference(reference)
    refuse_closed(request.beneficiary if request else None)
    return request


def asked_to_act_on(
    *, reference: str, session: SessionBase, user: User | AnonymousUser, now: datetime
) -> ServiceRequest | None:
    """As asked_here, for a page that adds something. Raises FileRestricted for a closed file."""
    asked = asked_here(reference=reference, session=session, user=user, now=now)
    refuse_closed(asked.beneficiary if asked else None)
    return asked


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


def request_in_force(*, beneficiary: Beneficiary, now: datetime) -> ServiceRequest | None:
    """The person's latest request whose contract runs: the next appointment goes on from it."""
    running = requests_of(beneficiary=beneficiary).filter(
        contract__starts_on__lte=local_day(now), contract__ends_on__gte=local_day(now)
    )
    return running.first()


def contact_code_of(*, service_request: ServiceRequest, uuid: UUID | str) -> ContactCode | None:
    return ContactCode.objects.filter(service_request=service_request, uuid=uuid).first()


def people_known_by(contact_code: ContactCode) -> list[Beneficiary]:
    """The people who once proved this contact under this name, oldest first.

    A mailbox or a phone may be shared: the name must match. Who proved no contact by a code, only told of by
    somebody else (ADR 0024) or confirmed by the link, counts too; a number typed beside a proved address
    finds nobody, and nothing is added to a file that its person has frozen. The contact of a duplicate leads
    to the person it was merged into.
    """
    if contact_code.by_sms:
        same, proved = Q(phone=contact_code.phone), Q(phone_verified_at__isnull=False)
    else:
        same, proved = Q(address=contact_code.email.lower()), Q(email_verified_at__isnull=False)
    known = Beneficiary.objects.alias(address=Lower("email")).filter(
        same, proved | Q(email_verified_at__isnull=True, phone_verified_at__isnull=True)
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


def has_contact(person: Beneficiary, contact_code: Any) -> bool:
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
