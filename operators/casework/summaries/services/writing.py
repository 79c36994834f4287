"""The adviser's part: a version is begun, written, proposed, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.versions import Seen, check_seen
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import require_not_transferred
from operators.casework.pathways.services.locks import lock_pathway
from operators.casework.summaries import notices, rules, selectors
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.errors import AlreadyOpen, NothingToPropose, NotProposed, NotWritten
from operators.casework.summaries.models import SummaryDocument


@transaction.atomic
def start_summary(*, pathway: Pathway, by: User, now: datetime) -> SummaryDocument:
    """Begin a version, with the words of the one before, and its themes that touch on no health.

    Those that the adviser has just ticked when logging a session come ticked too, health apart: the
    adviser unticks, and proposes; nothing joins what is proposed otherwise.

    Raises AlreadyOpen, PathwayTransferred, FileRestricted.
    """
    pathway = lock_pathway(pathway.pk)
    require_not_transferred(pathway.pk)
    known = SummaryDocument.objects.filter(pathway=pathway)
    if known.filter(state__in=SummaryState.still_written).exists():
        raise AlreadyOpen("Une version est déjà en cours : terminez-la d’abord.")
    before = known.filter(state=SummaryState.ACCEPTED, erased_at=None).first()
    words = _words_of(before) if before else {}
    ticked = selectors.themes_logged(pathway=pathway, by=by, now=now)
    summary = SummaryDocument.objects.create(
        pathway=pathway,
        version=(known.aggregate(last=Max("version"))["last"] or 0) + 1,
        created_at=now,
        **words | {"themes": list(dict.fromkeys([*words.get("themes", ()), *ticked]))},
    )
    record(action="operators.summary.started", target=summary, by=by, now=now)
    return summary


def _words_of(before: SummaryDocument) -> dict:
    words = {name: getattr(before, name) for name in rules.TEXTS}
    return {**words, "themes": [theme for theme in before.themes if theme not in Theme.sensitive]}


@transaction.atomic
def write_summary(
    *,
    summary: SummaryDocument,
    words: Mapping[str, str],
    themes: Sequence[str] = (),
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> SummaryDocument:
    """Rewrite a draft, `words` by heading. Raises NotWritten: what is proposed is taken back first, what is
    accepted stays; ChangedMeanwhile when a colleague wrote since the page was shown.
    """
    summary = lock_summary(summary)
    require_not_transferred(summary.pathway_id)
    if summary.state != SummaryState.DRAFT:
        raise NotWritten(f"Cette version est « {summary.get_state_display()} » : elle ne s’écrit plus.")
    check_seen(seen, selectors.written(summary))
    for name in rules.TEXTS:
        setattr(summary, name, words[name].strip())
    summary.themes = list(themes)
    summary.save(update_fields=[*rules.TEXTS, "themes"])
    record(action="operators.summary.written", target=summary, by=by, now=now)
    return summary


@transaction.atomic
def propose_summary(*, summary: SummaryDocument, by: User, now: datetime) -> SummaryDocument:
    """Show a draft to the person, with the plan as it is now, and write to them.

    Raises NothingToPropose without a word under any heading (a plan alone is no summary), NotWritten when it
    is no draft.
    """
    summary = lock_summary(summary)
    require_not_transferred(summary.pathway_id)
    if summary.state != SummaryState.DRAFT:
        raise NotWritten(f"Cette version est « {summary.get_state_display()} ».")
    content = selectors.plan_content(pathway=summary.pathway, themes=summary.themes)
    if not any(rules.says_something(getattr(summary, name)) for name in rules.TEXTS):
        raise NothingToPropose("Écrivez au moins une rubrique avant de proposer le document.")
    summary.state, summary.proposed_at, summary.content = SummaryState.PROPOSED, now, content
    summary.revision += 1
    summary.save(update_fields=["state", "proposed_at", "content", "revision"])
    record(
        action="operators.summary.proposed",
        target=summary,
        by=by,
        data={"version": summary.version, "revision": summary.revision},
        now=now,
    )
    notices.tell_proposed(summary, now=now)
    return summary


@transaction.atomic
def withdraw_summary(*, summary: SummaryDocument, by: User, now: datetime) -> SummaryDocument:
    """Take a proposal back to write it again. Raises NotProposed."""
    summary = back_to_draft(lock_summary(summary))
    record(action="operators.summary.withdrawn", target=summary, by=by, now=now)
    return summary


def back_to_draft(summary: SummaryDocument) -> SummaryDocument:
    if summary.state != SummaryState.PROPOSED:
        raise NotProposed(f"Ce document est « {summary.get_state_display()} ».")
    summary.state = SummaryState.DRAFT
    summary.save(update_fields=["state"])
    return summary


def lock_summary(summary: SummaryDocument) -> SummaryDocument:
    """The document, locked after its person and its pathway: two versions never move at once.

    Raises FileRestricted.
    """
    lock_pathway(summary.pathway_id)
    locked = SummaryDocument.objects.select_for_update(of=("self",))
    return locked.select_related("pathway__beneficiary", "document").get(pk=summary.pk)
