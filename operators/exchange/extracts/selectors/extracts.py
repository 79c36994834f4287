from datetime import datetime

from django.db.models import QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, Mandate, Organisation, User
from operators.exchange.extracts.enums import ExtractKind, ExtractState
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.rules import JUDGES, may_judge

OPENED = "operators.extract.opened"


def extract_list(*, user: User) -> QuerySet[Extract]:
    """The requests the user may see with who asked and for whom, the latest first; one query."""
    extracts = Extract.objects.visible_to(user).select_related("organisation", "asked_by")
    return extracts.order_by("-asked_at", "-pk")


def to_judge(*, user: User) -> list[Extract]:
    """The requests that wait for this very person, the oldest first; one query."""
    waiting = Extract.objects.visible_to(user).filter(state=ExtractState.ASKED)
    waiting = waiting.select_related("organisation", "asked_by").order_by("asked_at", "pk")
    return [one for one in waiting if may_judge(user, one)]


def downloads(*, extract: Extract) -> QuerySet[AuditEvent]:
    """Each time the file was taken, the latest first."""
    lines = AuditEvent.objects.filter(
        target_type=extract._meta.label_lower, target_id=extract.pk, action=OPENED
    )
    return lines.select_related("actor").order_by("-at", "-pk")


def judges_of(*, extract: Extract, now: datetime) -> list[User]:
    """The people who may answer a request on this day, once each; never who asked. One query."""
    roles = JUDGES[ExtractKind(extract.kind)]
    mandates = Mandate.objects.active(now.date()).filter(role__in=roles, user__is_active=True)
    mandates = mandates.exclude(user=extract.asked_by_id).select_related("user").order_by("user__email", "pk")
    return list(
        {mandate.user_id: mandate.user for mandate in mandates if _acts_for(mandate, extract)}.values()
    )


def _acts_for(mandate: Mandate, extract: Extract) -> bool:
    return mandate.role != Role.OPERATOR_MANAGER or mandate.organisation_id == extract.organisation_id


def still_manages(*, user_id: int, organisation: Organisation, now: datetime) -> bool:
    """Whether somebody manages for an operator on this day; one query."""
    return (
        Mandate.objects.active(now.date())
        .filter(user=user_id, role=Role.OPERATOR_MANAGER, organisation=organisation, user__is_active=True)
        .exists()
    )
