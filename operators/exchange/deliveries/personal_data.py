"""What deliveries keep about people: an operator's own numbers, and lines not taken."""

import hashlib
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.request.models import ServiceRequest
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.deliveries.enums import KeyKind
from operators.exchange.deliveries.models import (
    ERASED_MARK,
    DataDelivery,
    ExternalKey,
    FormerFact,
    RefusedLine,
    SupplyAlarm,
)


def erased_id(external_id: str) -> str:
    """What stays of a person's number after an erasure: enough to refuse it, not to read it."""
    return ERASED_MARK + hashlib.sha256(external_id.encode()).hexdigest()


def _keys(subject: Subject) -> QuerySet[ExternalKey]:
    person = subject.beneficiary_id
    sources = (
        ServiceRequest.objects.filter(beneficiary=person),
        Appointment.objects.filter(beneficiary=person),
        Pathway.objects.filter(beneficiary=person),
        CounsellingSession.objects.filter(pathway__beneficiary=person),
    )
    own = Q(target=subject.uuid)
    for source in sources:
        own |= Q(target__in=source.values("uuid"))
    return ExternalKey.objects.filter(own)


def _forget_number(subject: Subject, _now: datetime) -> None:
    for key in ExternalKey.objects.filter(kind=KeyKind.PERSON, target=subject.uuid):
        if not key.external_id.startswith(ERASED_MARK):
            key.external_id = erased_id(key.external_id)
            key.save(update_fields=["external_id"])


def _refused_lines(subject: Subject) -> QuerySet[RefusedLine]:
    named = ExternalKey.objects.filter(
        kind=KeyKind.PERSON,
        target=subject.uuid,
        organisation=OuterRef("delivery__organisation"),
        external_id=OuterRef("person"),
    )
    return RefusedLine.objects.filter(Exists(named))


FORMER = {
    "starts_at": "début",
    "duration_minutes": "durée en minutes",
    "booked_at": "réservé le",
    "cancelled_at": "annulé le",
    "closed_at": "clos le",
}


def _former_in_words(fact: FormerFact) -> dict[str, object]:
    """What was known before the correction, when it can be said to a person: dates, a length."""
    return {words: fact.former[name] for name, words in FORMER.items() if fact.former.get(name)}


MANIFESTS = (
    PersonManifest(
        model=RefusedLine,
        title="Lignes refusées d’une remontée de votre opérateur",
        purpose="Permettre à l’opérateur de corriger sa remontée.",
        retention=retention.REFUSED_LINE,
        order=58,  # before the numbers that tell which lines are the person's
        rows=_refused_lines,
        personal=dict.fromkeys(("person", "cells"), KEPT),
        technical=("id", "delivery", "number", "problems"),
        is_deleted=True,
    ),
    PersonManifest(
        model=ExternalKey,
        title="Numéros que votre opérateur vous donne dans son logiciel",
        purpose="Relier ce que votre opérateur nous transmet, sans votre nom.",
        retention=retention.WITHOUT_IDENTITY,
        order=59,
        rows=_keys,
        personal={"external_id": KEPT},
        technical=("id", "organisation", "kind", "target", "digest", "delivery", "withdrawn_at"),
        extra={
            "organisme": lambda row: row.organisation.name,
            "désigne": lambda row: row.get_kind_display(),
        },
        erase_with=_forget_number,
    ),
    PersonManifest(
        model=FormerFact,
        title="Ce que votre opérateur a corrigé",
        purpose="Garder la trace d’une correction.",
        retention=retention.WITHOUT_IDENTITY,
        order=60,
        rows=lambda subject: FormerFact.objects.filter(key__in=_keys(subject)),
        personal=dict.fromkeys(("former", "replaced_at"), KEPT),
        said={"former": _former_in_words},
        technical=("id", "key", "delivery"),
    ),
    PersonManifest(
        model=DataDelivery,
        title="Remontées",
        purpose="Savoir qui a envoyé des données, et quand. Ne concerne que des agents.",
        retention=retention.AS_LONG_AS_THE_CONTRACT,
        rows=None,
        personal=dict.fromkeys(("sent_by", "sent_at", "file_name", "software"), KEPT),
        technical=(
            *("id", "uuid", "organisation", "is_trial", "idempotency_key", "file_format", "size_bytes"),
            *("sha256", "state", "reason", "started_at", "finished_at", "line_count", "new_count"),
            *("changed_count", "same_count", "withdrawn_count", "refused_count", "refused_fields"),
            *("empty_fields", "remarks"),
        ),
    ),
)
IMPERSONAL = (SupplyAlarm,)
