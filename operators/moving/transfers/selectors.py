from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.enums import CodePurpose
from beneficiaries.rights.models import PersonCode
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer, TransferAppointment, TransferItem
from operators.network.models import Adviser

WHOLE = (
    *("pathway__beneficiary", "pathway__adviser__user", "pathway__adviser__site"),
    *("pathway__contract__holder", "contract__holder", "commune", "received_in__beneficiary"),
    *("received_in__adviser__site", "received_by__user", "received_by__site"),
)


@dataclass(frozen=True)
class Counts:
    """How many transfers an operator has, by state: people who leave and people who come. No name."""

    label: str
    leaving: int
    coming: int


def _whole() -> QuerySet[Transfer]:
    appointments = TransferAppointment.objects.select_related("appointment__site").order_by(
        "appointment__period", "pk"
    )
    return Transfer.objects.select_related(*WHOLE).prefetch_related(
        Prefetch("items", queryset=TransferItem.objects.order_by("position")),
        Prefetch("appointments", queryset=appointments),
    )


def pathway_of(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway that the user may read, with what preparing a transfer shows of it."""
    pathways = Pathway.objects.visible_to(user).filter(uuid=uuid)
    return pathways.select_related(
        "beneficiary", "adviser__user", "adviser__site", "contract__holder"
    ).first()


def files_of(*, pathway: Pathway) -> QuerySet[Attachment]:
    """The files that could be proposed: clean ones."""
    return Attachment.objects.filter(pathway=pathway, state=AttachmentState.CLEAN).order_by("added_at", "pk")


def transfer_of(*, user: User, uuid: UUID) -> Transfer | None:
    """One transfer of either side, whole: which part is shown is the page's to decide; three queries."""
    return _whole().filter(pk__in=Transfer.objects.visible_to(user), uuid=uuid).first()


def transfer_of_link(*, uuid: UUID) -> Transfer | None:
    return _whole().filter(uuid=uuid).first()


def code_of(*, transfer: Transfer, uuid: UUID) -> PersonCode | None:
    codes = PersonCode.objects.filter(purpose=CodePurpose.TRANSFER, uuid=uuid)
    return codes.filter(beneficiary=transfer.pathway.beneficiary_id).select_related("beneficiary").first()


def leaving(*, user: User) -> QuerySet[Transfer]:
    """Transfers prepared by the organisation, latest first; one query."""
    own = Transfer.objects.given_by(_organisation(user)).select_related(*WHOLE)
    return own.order_by("-prepared_at", "-pk")


def coming(*, user: User) -> QuerySet[Transfer]:
    """Transfers sent to the organisation: those to answer first, oldest first; one query."""
    sent = Transfer.objects.received_by(_organisation(user)).select_related(*WHOLE)
    return sent.order_by(F("answered_at").desc(nulls_first=True), "sent_at", "pk")


def _organisation(user: User) -> int:
    return (user.mandate.organisation_id if user.mandate else None) or 0


def counts(*, user: User) -> list[Counts]:
    """For a manager: numbers by state, both ways; two queries."""
    if user.role != Role.OPERATOR_MANAGER:
        return []
    gone = _by_state(Transfer.objects.given_by(_organisation(user)))
    here = _by_state(Transfer.objects.received_by(_organisation(user)))
    return [Counts(str(state.label), gone.get(state, 0), here.get(state, 0)) for state in TransferState]


def _by_state(transfers: QuerySet[Transfer]) -> dict[str, int]:
    rows = transfers.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def transfers_of_pathway(*, pathway: Pathway) -> QuerySet[Transfer]:
    """What became of a pathway's transfers, those that brought it here too, oldest first; one query."""
    transfers = Transfer.objects.filter(Q(pathway=pathway) | Q(received_in=pathway))
    return transfers.select_related(
        "contract__holder", "pathway__contract__holder", "received_by__user"
    ).order_by("prepared_at", "pk")


def transfers_of_person(*, beneficiary: Beneficiary) -> QuerySet[Transfer]:
    """A person's transfers, latest first; three queries."""
    return _whole().filter(pathway__beneficiary=beneficiary).order_by("-prepared_at", "-pk")


def team_of(*, transfer: Transfer) -> QuerySet[Adviser]:
    """Who can take the person in: active, under the contract agreed to."""
    team = Adviser.objects.filter(site__contract=transfer.contract_id, is_active=True)
    return team.select_related("user", "site").order_by("user__last_name", "user__first_name", "pk")


def to_do_of(*, adviser: Adviser, since: datetime) -> QuerySet[Transfer]:
    """What transfers ask of an adviser: to receive, to send, and refused since an instant; one query."""
    own = Q(pathway__adviser=adviser)
    asked = (
        Q(contract=adviser.site.contract_id, state=TransferState.SENT)
        | (own & Q(state=TransferState.CONSENTED))
        | (own & Q(state=TransferState.REFUSED, answered_at__gte=since))
    )
    transfers = Transfer.objects.filter(
        asked, pathway__beneficiary__restricted_at__isnull=True, pathway__beneficiary__erased_at__isnull=True
    )
    return transfers.select_related("pathway__beneficiary", "pathway__contract__holder", "commune").order_by(
        "prepared_at", "pk"
    )
