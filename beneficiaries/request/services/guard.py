"""The one guard of a person's file: lock the person, then check. Every service that writes about
one calls it.

Requests are locked before, everything else after (ADR 0010, 0053). What the database can say, it says too
(`untouched`, in beneficiaries.request.models).
"""

from collections.abc import Collection
from datetime import datetime

from beneficiaries.request.errors import CLOSED, FileMerged, FileRestricted
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.common.compiled import Ask, Compiled

FROZEN = "Ce dossier est gelé à la demande de la personne : rien ne peut y être ajouté."
MERGED = "Ce dossier vient d’être réuni à un autre de la même personne. Rouvrez la page, puis recommencez."
_LOCKED = Compiled(
    lambda: Beneficiary.objects.select_for_update(of=("self",), no_key=True).filter(pk=Ask("key"))
)
ERASED = "Ce dossier a été effacé : rien ne peut y être ajouté. Faites une nouvelle demande."


def lock_person(beneficiary: Beneficiary | int) -> Beneficiary:
    """The person as now, the row locked; one query.

    Raises FileRestricted when frozen or erased, FileMerged.
    """
    person = lock_file(beneficiary)
    check_open(person.restricted_at, person.erased_at, person.merged_into_id)
    return person


def lock_holder(beneficiary: Beneficiary | int) -> Beneficiary:
    """As lock_person, for the own rights of who froze the file: it may be frozen, never erased."""
    person = lock_file(beneficiary)
    check_open(None, person.erased_at, person.merged_into_id)
    return person


def check_person(key: int) -> None:
    """As lock_person without the lock, before a long work that ends by it: nobody waits meanwhile."""
    person = Beneficiary.objects.get(pk=key)
    check_open(person.restricted_at, person.erased_at, person.merged_into_id)


def lock_people(keys: Collection[int]) -> None:
    """Several people at once, in the order of their keys; one query. Raises as lock_person."""
    rows = Beneficiary.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    for person in rows.order_by("pk"):
        check_open(person.restricted_at, person.erased_at, person.merged_into_id)


def require_open(service_request: ServiceRequest) -> None:
    """The person of a request, if it has one: locked, then checked.

    Raises FileRestricted, in words that do not tell who has the reference alone that the file is frozen.
    """
    request = ServiceRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=service_request.pk)
    if request.beneficiary_id is None:
        return
    try:
        lock_person(request.beneficiary_id)
    except FileRestricted as refusal:
        raise FileRestricted(CLOSED) from refusal


def lock_file(beneficiary: Beneficiary | int) -> Beneficiary:
    """The person as now, the row locked, whatever became of it: what ends something is never refused."""
    key = beneficiary if isinstance(beneficiary, int) else beneficiary.pk
    person = _LOCKED.first(key=key)
    if person is None:
        raise Beneficiary.DoesNotExist
    return person


def check_open(
    restricted_at: datetime | None, erased_at: datetime | None, merged_into_id: int | None
) -> None:
    """Raises FileMerged, FileRestricted: of the columns of a person whose row is locked."""
    if merged_into_id is not None:  # a tab opened before the merge
        raise FileMerged(MERGED)
    if erased_at is not None:  # the erased never come back, even from a tab left open
        raise FileRestricted(ERASED)
    if restricted_at is not None:
        raise FileRestricted(FROZEN)
