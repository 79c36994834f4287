"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from beneficiaries.request.models import (
    Beneficiary,
    ContactCode,
    ContactPreferences,
    FormerRequest,
    ServiceRequest,
)
from beneficiaries.request.services.nobody import make_nobody
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, FileKind, PersonManifest, Subject, Treatment
from cep_portal.documents.services import destroy_file, file_exists, read_document

RECEIVE = "Vous recevoir et organiser vos rendez-vous."


def _attestations(subject: Subject) -> Iterator[tuple[str, bytes]]:
    requests = ServiceRequest.objects.filter(
        beneficiary=subject.beneficiary_id, attestation__isnull=False
    ).select_related("attestation")
    for request in requests.order_by("pk"):
        if request.attestation and file_exists(request.attestation):
            yield request.attestation.file_name, read_document(request.attestation)


def _destroy_attestations(subject: Subject, _now: datetime) -> None:
    """The facts of a request never change (trigger); what names the person is in the files."""
    requests = ServiceRequest.objects.filter(
        beneficiary=subject.beneficiary_id, attestation__isnull=False
    ).select_related("attestation")
    for request in requests.order_by("pk"):
        if request.attestation:
            transaction.on_commit(partial(destroy_file, request.attestation))


def _contact_codes(subject: Subject) -> Any:
    own = Q(service_request__beneficiary=subject.beneficiary_id) | Q(beneficiary=subject.beneficiary_id)
    return ContactCode.objects.filter(own)


MANIFESTS = (
    PersonManifest(
        model=Beneficiary,
        title="Votre identité",
        purpose=RECEIVE,
        retention=retention.WITHOUT_IDENTITY,
        order=10,
        rows=lambda subject: Beneficiary.objects.filter(pk=subject.beneficiary_id),
        personal=dict.fromkeys(("first_name", "last_name", "email", "phone", "created_at"), KEPT)
        | dict.fromkeys(
            (
                "restricted_at",
                "warned_at",
                "kept_at",
                "email_verified_at",
                "phone_verified_at",
                "contact_proved_at",
            ),
            KEPT,
        ),
        technical=("id", "uuid", "user", "erased_at", "known_through", "merged_into"),
        erase_with=lambda subject, now: make_nobody(subject.beneficiary_id, now),
        on_merge={"merged_into": Treatment.STAYS},
        opened=FileKind("Coordonnées et rendez-vous"),
    ),
    PersonManifest(
        model=ContactPreferences,
        title="Vos préférences de contact",
        purpose="Vous écrire comme vous le souhaitez.",
        retention=retention.WITHOUT_IDENTITY,
        order=15,
        rows=lambda subject: ContactPreferences.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(
            ("by_email", "by_sms", "discreet", "contact_hours", "reminders", "changed_at"), KEPT
        ),
        technical=("beneficiary",),
        is_deleted=True,
        on_merge={"beneficiary": Treatment.MOVES_IF_NONE},
    ),
    PersonManifest(
        model=ServiceRequest,
        title="Vos demandes",
        purpose="Vous orienter, et prouver la date de votre demande.",
        retention=retention.WITHOUT_IDENTITY,
        order=20,
        rows=lambda subject: ServiceRequest.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(
            ("reference", "requested_at", "situation", "commune_basis", "needs", "urgency", "state"),
            KEPT,
        ),
        sensitive={"access_needs": KEPT},
        technical=(
            "id",
            "uuid",
            "commune",
            "contract",
            "beneficiary",
            "attestation",
            "is_delivered",
            "changed_xid",
            "known_from",
        ),
        extra={
            "commune": lambda row: row.commune.name,
            "organisme": lambda row: row.contract.holder.name,
        },
        files=_attestations,
        erase_with=_destroy_attestations,
        on_merge={"beneficiary": Treatment.MOVES},
    ),
    PersonManifest(
        model=ContactCode,
        title="Codes reçus pour une demande",
        purpose="Vérifier que l’adresse est la vôtre.",
        retention=retention.CODE,
        order=80,
        rows=_contact_codes,
        personal=dict.fromkeys(
            (
                *("channel", "first_name", "last_name", "email", "phone", "find_past"),
                *("sent_at", "used_at"),
            ),
            KEPT,
        ),
        technical=(
            *("id", "uuid", "service_request", "beneficiary", "code_hash"),
            *("expires_at", "attempts"),
        ),
        is_deleted=True,
        # a code under way would prove a contact for somebody else
        on_merge={"beneficiary": Treatment.ENDS},
    ),
)
# Versions of before hold keys, dates and closed lists alone (ADR 0067): an erasure has nothing to take there.
IMPERSONAL = (FormerRequest,)
