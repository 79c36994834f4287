from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from beneficiaries.request.models import Beneficiary, open_file
from cep_portal.accounts.models import User
from cep_portal.documents.models import StoredDocument
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.plans.enums import ActionState
from operators.casework.plans.selectors import plan_of
from operators.casework.summaries import rules
from operators.casework.summaries.enums import Answer, SummaryState
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument, SummaryReading, SummaryShare
from operators.network.models import Adviser


def themes_of(*, pathway: Pathway) -> list[Theme]:
    """The themes of a pathway's sessions, in the order of the list, what touches on health last."""
    worked = (
        CounsellingSession.objects.filter(pathway=pathway).order_by("pk").values_list("themes", flat=True)
    )
    met = {theme for themes in worked for theme in themes}
    return sorted((theme for theme in Theme if theme in met), key=lambda theme: theme in Theme.sensitive)


def themes_logged(*, pathway: Pathway, by: User, now: datetime) -> list[str]:
    """The themes of what this adviser has just logged for a pathway, none that touches on health."""
    logged = CounsellingSession.objects.filter(
        pathway=pathway, adviser__user=by, recorded_at__gt=now - rules.JUST_LOGGED
    )
    met = {theme for themes in logged.order_by("pk").values_list("themes", flat=True) for theme in themes}
    return [theme.value for theme in Theme if theme in met and theme not in Theme.sensitive]


def written(summary: SummaryDocument) -> dict:
    """What a draft says, as its form shows it."""
    return {name: getattr(summary, name) for name in (*rules.TEXTS, "themes")}


def plan_content(*, pathway: Pathway, themes: Collection[str] = ()) -> dict:
    """The plan as it is now and the themes that were chosen, in plain values: what a proposal freezes.

    A theme joins only when it was chosen and worked: the log of a session is no document to be shared.
    """
    plan = plan_of(pathway=pathway)
    sessions = CounsellingSession.objects.filter(pathway=pathway).order_by("starts_at", "pk")
    held = list(sessions.values_list("held_on", "themes"))
    worked = {theme for _, found in held for theme in found}
    return {
        "occupations": [target.label for target in plan.targets.all()] if plan else [],
        "themes": [theme.label for theme in Theme if theme in worked and theme in themes],
        "sessions": len(held),
        "first_on": held[0][0].isoformat() if held else "",
        "last_on": held[-1][0].isoformat() if held else "",
        "objectives": [_objective(objective) for objective in plan.objectives.all()] if plan else [],
    }


def _objective(objective: Any) -> dict:
    kept = [action for action in objective.actions.all() if action.state != ActionState.DROPPED]
    return {
        "title": objective.title,
        "actions": [
            {
                "title": one.title,
                "actor": one.get_actor_display(),
                "due_on": one.due_on.isoformat() if one.due_on else "",
                "state": one.get_state_display(),
            }
            for one in kept
        ],
    }


def _whole() -> QuerySet[SummaryDocument]:
    answers = SummaryAnswer.objects.order_by("-at", "-pk")
    return SummaryDocument.objects.select_related(
        "pathway__beneficiary",
        "pathway__adviser__user",
        "pathway__adviser__site",
        "pathway__contract__holder",
        "document",
    ).prefetch_related(Prefetch("answers", queryset=answers))


def summary_by_uuid(*, user: User, uuid: UUID) -> SummaryDocument | None:
    """One version that the user may read, with its pathway, its file and the person's answers."""
    return _whole().filter(pk__in=SummaryDocument.objects.visible_to(user), uuid=uuid).first()


def summaries_of(*, pathway: Pathway) -> QuerySet[SummaryDocument]:
    """The versions of a pathway, latest first."""
    return _whole().filter(pathway=pathway).order_by("-version", "-pk")


def latest_summary(*, pathway: Pathway) -> SummaryDocument | None:
    return SummaryDocument.objects.filter(pathway=pathway).order_by("-version", "-pk").first()


def answers_of(*, pathway: Pathway) -> QuerySet[SummaryAnswer]:
    """What the person said of each proposal, latest first."""
    answers = SummaryAnswer.objects.filter(summary__pathway=pathway)
    return answers.select_related("summary").order_by("-at", "-pk")


def own_summaries(*, beneficiary: Beneficiary) -> QuerySet[SummaryDocument]:
    """What was proposed to a person, over every pathway, latest first."""
    own = _whole().filter(pathway__beneficiary=beneficiary, revision__gt=0, erased_at=None)
    return own.order_by(F("proposed_at").desc(), "-pk")


def pathway_of_summary(*, user: User, uuid: UUID) -> Pathway | None:
    readable = Pathway.objects.visible_to(user).select_related(
        "beneficiary", "adviser__user", "adviser__site"
    )
    return readable.filter(uuid=uuid).first()


def live_shares(*, summary: SummaryDocument, now: datetime) -> QuerySet[SummaryShare]:
    return SummaryShare.objects.filter(summary=summary, revoked_at=None, expires_at__gt=now)


def shares_of(*, summary: SummaryDocument) -> QuerySet[SummaryShare]:
    """The links a person gave, latest first, with how often and when each was used."""
    readings = SummaryReading.objects.order_by("-at", "-pk")
    return (
        SummaryShare.objects.filter(summary=summary)
        .annotate(reading_count=Count("readings"), last_read_at=Max("readings__at"))
        .prefetch_related(Prefetch("readings", queryset=readings))
        .order_by("-created_at", "-pk")
    )


def share_by_uuid(*, user: User, uuid: UUID) -> SummaryShare | None:
    own = SummaryDocument.objects.visible_to(user)
    return SummaryShare.objects.select_related("summary").filter(summary__in=own, uuid=uuid).first()


def share_by_token(token: str, *, now: datetime, for_update: bool = False) -> SummaryShare | None:
    """The live link of a token: not over, not revoked, its words not erased, its person's file open."""
    shares = SummaryShare.objects.select_related("summary__document")
    if for_update:
        shares = shares.select_for_update(of=("self",))
    return shares.filter(
        open_file("summary__pathway__beneficiary__"),
        token_digest=rules.token_digest(token),
        revoked_at=None,
        expires_at__gt=now,
        summary__erased_at=None,
    ).first()


def share_state(token: str, *, now: datetime) -> str:
    """Why a link opens nothing: "unknown", "revoked", "over", or "erased" when its file is gone."""
    share = SummaryShare.objects.filter(token_digest=rules.token_digest(token)).first()
    if share is None:
        return "unknown"
    if share.revoked_at is not None:
        return "revoked"
    return "over" if share.expires_at <= now else "erased"


def awaited(*, adviser: Adviser, user: User) -> QuerySet[SummaryDocument]:
    """What an adviser's people have to answer, or sent back to correct; the oldest first."""
    sent_back = SummaryAnswer.objects.filter(
        summary=OuterRef("pk"), revision=OuterRef("revision"), answer=Answer.CORRECTION
    )
    waiting = SummaryDocument.objects.visible_to(user).filter(pathway__adviser=adviser)
    return (
        waiting.annotate(is_sent_back=Exists(sent_back))
        .filter(Q(state=SummaryState.PROPOSED) | Q(state=SummaryState.DRAFT, is_sent_back=True))
        .select_related("pathway__beneficiary")
        .order_by("proposed_at", "pk")
    )


def standing_of(document: StoredDocument) -> SummaryDocument | None:
    return SummaryDocument.objects.filter(document=document).first()
