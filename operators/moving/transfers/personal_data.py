"""What transfers keep about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, NOT_SENT, PersonManifest, Treatment
from operators.moving.transfers.models import Transfer, TransferAppointment, TransferItem

PURPOSE = "Poursuivre votre accompagnement chez un autre opérateur, avec ce que vous avez accepté."


MANIFESTS = (
    PersonManifest(
        model=Transfer,
        title="Vos changements d’opérateur",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=47,
        rows=lambda subject: Transfer.objects.filter(
            pathway__beneficiary=subject.beneficiary_id
        ).select_related("contract__holder", "pathway__contract__holder"),
        personal=dict.fromkeys(
            (
                *("reason", "state", "prepared_at", "expires_at", "consent_wording", "consent_version"),
                *("consent_way", "consented_at", "sent_at", "answered_at", "refusal", "withdrawn_by"),
                "ended_at",
            ),
            KEPT,
        ),
        technical=(
            *("id", "uuid", "pathway", "contract", "commune", "inventory_sha256", "prepared_by"),
            *("sent_by", "answered_by", "received_in", "received_by"),
        ),
        extra={
            "de": lambda row: row.pathway.contract.holder.name,
            "vers": lambda row: row.contract.holder.name,
        },
        on_merge={"pathway": Treatment.STAYS, "received_in": Treatment.STAYS},
        on_transfer=NOT_SENT,
    ),
    PersonManifest(
        model=TransferItem,
        title="Ce que vous avez accepté de transmettre",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=47,
        rows=lambda subject: TransferItem.objects.filter(
            transfer__pathway__beneficiary=subject.beneficiary_id
        ),
        personal=dict.fromkeys(("kind", "is_agreed"), KEPT),
        sensitive={"title": "", "content": {}},
        said={"content": lambda row: row.content.get("lines", [])},
        technical=("id", "transfer", "position", "sha256", "attachment", "summary"),
    ),
    PersonManifest(
        model=TransferAppointment,
        title="Vos rendez-vous au moment d’un changement d’opérateur",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=47,
        rows=lambda subject: TransferAppointment.objects.filter(
            transfer__pathway__beneficiary=subject.beneficiary_id
        ).select_related("appointment"),
        personal={"is_kept": KEPT},
        technical=("id", "transfer", "appointment"),
        extra={"rendez-vous du": lambda row: row.appointment.starts_at},
    ),
)
