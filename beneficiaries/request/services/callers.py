"""A person named by somebody else, an officer on the telephone or an operator's software (ADR 0024).

Nobody copied a code, so the contact is only told: it never opens an older file by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower

from beneficiaries.request.errors import ContactMissing, ContactOfAgent, FileMerged, RequestOfAnother
from beneficiaries.request.hooks import tell_registered
from beneficiaries.request.models import Beneficiary, ServiceRequest, phone_tail, searched_name
from beneficiaries.request.rules import folded
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.selectors import agents_at
from cep_portal.accounts.services import record
from cep_portal.common import phones

LONG_ENOUGH = 5  # letters
NOT_MERGED = "person_not_merged"
LIGATURES = {ord("œ"): "oe", ord("æ"): "ae"}
OTHER_NAME = "Cette demande est déjà au nom d’une autre personne. Enregistrez une nouvelle demande."


@dataclass(frozen=True)
class CallerDetails:
    """Name and contact as told aloud."""

    first_name: str
    last_name: str
    email: str
    phone: str


def with_contact(people: QuerySet[Beneficiary], *, email: str = "", phone: str = "") -> QuerySet[Beneficiary]:
    """Those of `people` who gave this address or this number, however it was typed; none for neither."""
    same = Q(pk__in=[])
    people = people.alias(address=Lower("email"), tail=phone_tail("phone"))
    if email.strip():
        same |= Q(address=email.strip().lower())
    if phone.strip():
        same |= Q(phone__gt="", tail=phone_tail(Value(phones.kept(phone))))
    return people.filter(same).order_by("last_name", "first_name", "pk")


def named(people: QuerySet[Beneficiary], text: str) -> QuerySet[Beneficiary]:
    """Those of `people` whose name holds each word of a text, or one that resembles it, nearest first.

    How much a long word must resemble is pg_trgm.word_similarity_threshold, the caller's; a short one,
    not at all: « Léa » is not « Léo ».
    """
    words = folded(text).translate(LIGATURES).split()
    people = people.alias(searched=searched_name())
    for word in words:
        like = Q(searched__contains=word)
        if len(word) >= LONG_ENOUGH:
            like |= Q(searched__trigram_word_similar=word)
        people = people.filter(like)
    nearness = TrigramWordSimilarity(" ".join(words), "searched")
    return people.order_by(nearness.desc(), "last_name", "first_name", "pk") if words else people.none()


def like_caller(
    people: QuerySet[Beneficiary], *, first_name: str, last_name: str, email: str, phone: str
) -> Sequence[Beneficiary]:
    """Those of `people` with this name who gave this address or number: perhaps the caller, ask."""
    beneficiaries = with_contact(people, email=email, phone=phone)
    return [person for person in beneficiaries if _is_named(person, first_name, last_name)]


def _is_named(person: Beneficiary, first_name: str, last_name: str) -> bool:
    return (folded(person.first_name), folded(person.last_name)) == (folded(first_name), folded(last_name))


@transaction.atomic
def name_person(
    *,
    service_request: ServiceRequest,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    by: User | None,
    now: datetime,
) -> Beneficiary:
    """Put a request in the name of a person told by somebody else: new, with a contact to confirm.

    A second call with the same name gives the same person (double click). Raises ContactMissing without
    address nor number, ContactOfAgent for the address of a partner or an agent who is somebody else,
    RequestOfAnother when the request has another person, FileRestricted.
    """
    if not email.strip() and not phone.strip():
        raise ContactMissing("Indiquez une adresse ou un numéro : la confirmation y est envoyée.")
    request = _locked(service_request)
    if (present := request.beneficiary) is not None:
        lock_person(present)
        same = (folded(present.first_name), folded(present.last_name)) == (
            folded(first_name),
            folded(last_name),
        )
        if not same:
            raise RequestOfAnother(OTHER_NAME)
        return present
    _check_of_the_person(f"{first_name} {last_name}", email=email, now=now)
    person = Beneficiary.objects.create(
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        email=email.strip().lower(),
        phone=phones.kept(phone),
        created_at=now,
    )
    return _attach(request, person, by=by, now=now)


@transaction.atomic
def attach_known(
    *, service_request: ServiceRequest, beneficiary: Beneficiary, by: User | None, now: datetime
) -> Beneficiary:
    """Put a request in the name of a person already known, who said so; nothing known is changed.

    Raises RequestOfAnother when the request has another person, FileRestricted.
    """
    request = _locked(service_request)
    lock_person(beneficiary)
    if request.beneficiary_id not in (None, beneficiary.pk):
        raise RequestOfAnother(OTHER_NAME)
    if request.beneficiary_id == beneficiary.pk:
        return beneficiary
    return _attach(request, beneficiary, by=by, now=now)


def _check_of_the_person(name: str, *, email: str, now: datetime) -> None:
    """What is written to the person, codes included, never goes to whoever named them."""
    for agent in agents_at(email=email.strip(), now=now):
        if folded(f"{agent.first_name} {agent.last_name}") != folded(name):
            raise ContactOfAgent(
                "Ce courriel est celui d’un partenaire ou d’un agent. Donnez celui de la personne :"
                " ses messages et ses codes y arrivent."
            )


def _locked(service_request: ServiceRequest) -> ServiceRequest:
    requests = ServiceRequest.objects.select_for_update(of=("self",), no_key=True)
    return requests.select_related("beneficiary").get(pk=service_request.pk)


def _attach(request: ServiceRequest, person: Beneficiary, *, by: User | None, now: datetime) -> Beneficiary:
    put_in_name(request, person, now=now)
    record(action="beneficiaries.request.attached", target=request, by=by, now=now)
    return person


def put_in_name(request: ServiceRequest, person: Beneficiary, *, now: datetime) -> None:
    """Write whose request it is: from now on it stands in queues, and followers know of it.

    Raises FileMerged when the person was just merged into another.
    """
    request.beneficiary = person
    try:
        request.save(update_fields=["beneficiary"])
    except IntegrityError as refusal:
        diagnostic = getattr(refusal.__cause__, "diag", None)
        if diagnostic is not None and diagnostic.constraint_name == NOT_MERGED:
            raise FileMerged(
                "Ce dossier vient d’être réuni à un autre de la même personne. Recommencez."
            ) from refusal
        raise
    tell_registered(service_request=request, now=now)


@transaction.atomic
def prove_contact(*, beneficiary: Beneficiary, now: datetime) -> bool:
    """The person used what was sent to them: the contact is theirs. False when it was proved already, or the
    file is erased."""
    unproved = Beneficiary.objects.filter(
        pk=beneficiary.pk, contact_proved_at__isnull=True, erased_at__isnull=True
    )
    if not unproved.update(contact_proved_at=now):
        return False
    record(action="beneficiaries.contact.proved", target=beneficiary, by=None, now=now)
    return True
