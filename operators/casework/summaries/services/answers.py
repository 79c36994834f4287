"""The person's part: accept, or ask for a correction."""

from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.documents.services import issue_document
from operators.casework.summaries import notices, rules
from operators.casework.summaries.enums import Answer, SummaryState
from operators.casework.summaries.errors import ChangedSince, NotProposed, WordsMissing
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument
from operators.casework.summaries.services.writing import back_to_draft, lock_summary


@transaction.atomic
def ask_correction(*, summary: SummaryDocument, words: str, by: User, now: datetime) -> SummaryDocument:
    """Send a proposal back to its adviser with what is to change. Raises WordsMissing, NotProposed."""
    summary = lock_summary(summary)
    if not words.strip():
        raise WordsMissing("Dites ce qui est à corriger.")
    summary = back_to_draft(summary)
    _answer(summary, Answer.CORRECTION, words=words.strip(), now=now)
    record(action="operators.summary.correction_asked", target=summary, by=by, now=now)
    return summary


@transaction.atomic
def accept_summary(
    *,
    summary: SummaryDocument,
    revision: int,
    content: bytes,
    check_code: str,
    by: User,
    now: datetime,
) -> SummaryDocument:
    """Freeze what the person read (`revision`), with its file; the version before is superseded.

    Raises NotProposed when there is nothing to accept, ChangedSince when another proposal was made since.
    """
    summary = lock_summary(summary)
    if not rules.may_become(summary.state, SummaryState.ACCEPTED):
        raise NotProposed(f"Ce document est « {summary.get_state_display()} ».")
    if summary.revision != revision:
        raise ChangedSince("Le document a changé depuis que vous l’avez ouvert : relisez-le.")
    accepted = SummaryDocument.objects.filter(pathway=summary.pathway_id, state=SummaryState.ACCEPTED)
    accepted.update(state=SummaryState.SUPERSEDED, superseded_at=now)
    summary.document = issue_document(
        kind=notices.DOCUMENT_KIND,
        title="Document de synthèse d’un conseil en évolution professionnelle",
        file_name=f"document-de-synthese-v{summary.version}.pdf",
        content=content,
        check_code=check_code,
        version=summary.version,
        zone=summary.pathway.adviser.site.zone,
        now=now,
    )
    summary.state, summary.accepted_at = SummaryState.ACCEPTED, now
    summary.save(update_fields=["state", "accepted_at", "document"])
    _answer(summary, Answer.ACCEPTED, now=now)
    record(
        action="operators.summary.accepted",
        target=summary,
        by=by,
        data={"version": summary.version, "sha256": summary.document.sha256},
        now=now,
    )
    return summary


def _answer(summary: SummaryDocument, answer: str, *, words: str = "", now: datetime) -> None:
    SummaryAnswer.objects.create(
        summary=summary, revision=summary.revision, answer=answer, words=words, at=now
    )
