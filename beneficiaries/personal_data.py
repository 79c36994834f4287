"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from beneficiaries.complaints.models import Complaint
from beneficiaries.complaints.services import forget_complaints
from beneficiaries.request.models import Beneficiary, ContactCode, ContactPreferences, ServiceRequest
from beneficiaries.rights.models import DataExport, Erasure, PersonCode
from beneficiaries.rights.services.erasure import make_nobody
from beneficiaries.rights.services.exports import withdraw
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, Subject, register, register_impersonal
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


def _forget_complaints(subject: Subject, now: datetime) -> None:
    """Also those written from the same address without signing in."""
    own = Q(beneficiary=subject.beneficiary_id) | Q(email__in=subject.emails, beneficiary__isnull=True)
    forget_complaints(complaints=Complaint.objects.filter(own), now=now)


def _contact_codes(subject: Subject):
    own = Q(service_request__beneficiary=subject.beneficiary_id) | Q(beneficiary=subject.beneficiary_id)
    return ContactCode.objects.filter(own)


def _exports(subject: Subject):
    return DataExport.objects.filter(beneficiary=subject.beneficiary_id)


def declare() -> None:
    register(
        PersonalData(
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
        ),
        PersonalData(
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
        ),
        PersonalData(
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
            technical=("id", "uuid", "commune", "contract", "beneficiary", "attestation"),
            extra={
                "commune": lambda row: row.commune.name,
                "organisme": lambda row: row.contract.holder.name,
            },
            files=_attestations,
            erase_with=_destroy_attestations,
        ),
        PersonalData(
            model=Complaint,
            title="Vos réclamations",
            purpose="Vous répondre dans le mois (code du travail, R. 6123-14).",
            retention=retention.WITHOUT_IDENTITY,
            order=55,
            rows=lambda subject: Complaint.objects.filter(beneficiary=subject.beneficiary_id),
            personal=dict.fromkeys(
                (
                    *("reference", "received_at", "received_on", "answer_due_on", "mediator_until_on"),
                    *("topic", "text", "first_name", "last_name", "email", "state", "answer"),
                    *("answered_at", "contested_at"),
                ),
                KEPT,
            ),
            technical=("id", "uuid", "contract", "beneficiary", "answered_under", "erased_at"),
            extra={"organisme": lambda row: row.contract.holder.name},
            erase_with=_forget_complaints,
        ),
        PersonalData(
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
        ),
        PersonalData(
            model=PersonCode,
            title="Codes reçus pour vos droits",
            purpose="Vérifier que c’est vous.",
            retention=retention.AS_LONG_AS_THE_FILE,
            order=81,
            rows=lambda subject: PersonCode.objects.filter(beneficiary=subject.beneficiary_id),
            personal=dict.fromkeys(("purpose", "email", "sent_at", "used_at"), KEPT),
            technical=("id", "uuid", "beneficiary", "code_hash", "expires_at", "attempts"),
            is_deleted=True,
        ),
        PersonalData(
            model=DataExport,
            title="Copies de vos données",
            purpose="Vous remettre vos données.",
            retention=retention.EXPORT,
            order=82,
            rows=_exports,
            personal=dict.fromkeys(("asked_at", "expires_at", "withdrawn_at"), KEPT),
            technical=("id", "uuid", "beneficiary", "step_count", "steps_done", "document", "failed_at"),
            erase_with=lambda subject, now: withdraw(_exports(subject), now=now),
        ),
    )
    register_impersonal(Erasure)
