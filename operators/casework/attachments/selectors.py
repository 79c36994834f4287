from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.casework.attachments.enums import KEPT_STATES, AttachmentState
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway


def pathway_of(*, user: User, uuid: UUID) -> Pathway | None:
    pathways = Pathway.objects.visible_to(user).filter(uuid=uuid)
    return pathways.select_related("beneficiary", "adviser__site").first()


def present_pathway(*, beneficiary: Beneficiary) -> Pathway | None:
    """The person's present pathway, else the last one."""
    own = Pathway.objects.filter(beneficiary=beneficiary, joined_into__isnull=True).select_related(
        "beneficiary"
    )
    return own.order_by(F("closed_at").desc(nulls_first=True), "-entered_on", "-pk").first()


def attachments_of(*, pathway: Pathway, user: User) -> QuerySet[Attachment]:
    """The files of a pathway that were not removed, latest first; one query."""
    shown = Attachment.objects.visible_to(user).filter(pathway=pathway)
    return (
        shown.exclude(state=AttachmentState.REMOVED).select_related("added_by").order_by("-added_at", "-pk")
    )


def own_attachments(*, beneficiary: Beneficiary) -> QuerySet[Attachment]:
    """Every file of a person's pathways that was not removed, latest first; one query."""
    own = Attachment.objects.filter(pathway__beneficiary=beneficiary)
    return own.exclude(state=AttachmentState.REMOVED).order_by("-added_at", "-pk")


def attachment_of(*, user: User, uuid: UUID) -> Attachment | None:
    """One file that the user may see, in any state but removed."""
    attachment = Attachment.objects.visible_to(user).filter(uuid=uuid).exclude(state=AttachmentState.REMOVED)
    return attachment.select_related("pathway__beneficiary", "pathway__adviser__site").first()


def attachment_facts(*, pathway: Pathway) -> dict:
    """How many files a pathway has, how many wait for the scanner, of when the last is; one query."""
    facts = Attachment.objects.filter(pathway=pathway, state__in=KEPT_STATES).aggregate(
        file_count=Count("pk"),
        held_count=Count("pk", filter=Q(state=AttachmentState.HELD)),
        last_added_at=Max("added_at"),
    )
    return dict(facts)


def kept_count(*, pathway: Pathway) -> int:
    return Attachment.objects.filter(pathway=pathway, state__in=KEPT_STATES).count()


def is_there(*, pathway: Pathway, sha256: str) -> bool:
    """Whether these very bytes are kept, or were sent and drawn again."""
    kept = Attachment.objects.filter(pathway=pathway, state__in=KEPT_STATES)
    return kept.filter(Q(sha256=sha256) | Q(sent_sha256=sha256)).exists()


def held() -> QuerySet[Attachment]:
    """The files no verdict was given on, oldest first."""
    return Attachment.objects.filter(state=AttachmentState.HELD).order_by("added_at", "pk")
