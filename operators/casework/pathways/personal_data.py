"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, FileKind, PersonManifest, Treatment
from operators.casework.pathways.models import (
    CounsellingSession,
    FormerPathway,
    FormerSession,
    Pathway,
    SessionCorrection,
)

MANIFESTS = (
    PersonManifest(
        model=Pathway,
        title="Vos parcours",
        purpose="Tenir votre dossier d’accompagnement.",
        retention=retention.WITHOUT_IDENTITY,
        order=40,
        rows=lambda subject: Pathway.objects.filter(beneficiary=subject.beneficiary_id).select_related(
            "contract__holder", "region"
        ),
        personal=dict.fromkeys(("entered_on", "state", "closed_at", "reopened_at", "outcome"), KEPT),
        technical=(
            "id",
            "uuid",
            "beneficiary",
            "contract",
            "region",
            "service_request",
            "adviser",
            "continues",
            "joined_into",
            "changed_xid",
            "known_from",
        ),
        extra={
            "organisme": lambda row: row.contract.holder.name,
            "région": lambda row: row.region.name,
        },
        on_merge={
            "beneficiary": Treatment.MOVES,
            "continues": Treatment.STAYS,
            "joined_into": Treatment.STAYS,
        },
        on_transfer=NOT_SENT,
        opened=FileKind("Dossier de parcours"),
    ),
    PersonManifest(
        model=CounsellingSession,
        title="Vos séances",
        purpose="Tenir votre dossier d’accompagnement.",
        retention=retention.WITHOUT_IDENTITY,
        order=45,
        rows=lambda subject: CounsellingSession.objects.filter(
            pathway__beneficiary=subject.beneficiary_id
        ).select_related("site"),
        personal=dict.fromkeys(
            (
                *("starts_at", "held_on", "duration_minutes", "level", "mode", "themes"),
                *("next_step", "recorded_at", "is_unplanned"),
            ),
            KEPT,
        ),
        technical=(
            *("id", "uuid", "pathway", "appointment", "adviser", "site", "zone", "changed_xid", "known_from"),
        ),
        extra={"lieu": lambda row: row.site.name},
        on_merge={"pathway": Treatment.MOVES},
        on_transfer="SESSIONS",
    ),
    PersonManifest(
        model=SessionCorrection,
        title="Corrections de vos séances",
        purpose="Garder la trace d’une correction.",
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: SessionCorrection.objects.filter(
            session__pathway__beneficiary=subject.beneficiary_id
        ),
        personal=dict.fromkeys(("former", "reason", "corrected_at", "channel", "undone_at"), KEPT),
        technical=("id", "session", "corrected_by"),
    ),
)
# Versions of before hold keys, dates and closed lists alone (ADR 0067): an erasure has nothing to take there.
IMPERSONAL = (FormerPathway, FormerSession)
