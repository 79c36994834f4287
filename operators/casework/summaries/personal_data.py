"""What summaries keep about people, column by column (cep_portal.common.personal_data)."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject, Treatment
from cep_portal.documents.services import destroy_file, file_exists, read_document
from operators.casework.pathways.enums import Theme
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument, SummaryReading, SummaryShare

PURPOSE = "Vous remettre le document de synthèse que vous avez accepté."


def _own(subject: Subject) -> Any:
    return SummaryDocument.objects.filter(pathway__beneficiary=subject.beneficiary_id)


def _shares(subject: Subject) -> Any:
    return SummaryShare.objects.filter(summary__pathway__beneficiary=subject.beneficiary_id)


def _files(subject: Subject) -> Iterator[tuple[str, bytes]]:
    for one in _own(subject).filter(document__isnull=False).select_related("document").order_by("pk"):
        if one.document and file_exists(one.document):
            yield one.document.file_name, read_document(one.document)


def _plan_in_words(summary: SummaryDocument) -> list[str]:
    """The plan that the proposal froze: the occupations, then each objective with its actions."""
    plan = summary.content
    lines = [f"métier : {label}" for label in plan.get("occupations", [])]
    for objective in plan.get("objectives", []):
        lines.append(f"objectif : {objective['title']}")
        lines += [f"{action['title']} ({action['state']})" for action in objective["actions"]]
    return lines


def _themes_in_words(summary: SummaryDocument) -> list[str]:
    return [str(Theme(theme).label) for theme in summary.themes]


def _erase(subject: Subject, now: datetime) -> None:
    """Blank the words, accepted ones too, and destroy the files: the check page still knows the codes."""
    own = _own(subject).filter(erased_at=None)
    for one in own.filter(document__isnull=False).select_related("document").order_by("pk"):
        if one.document:
            transaction.on_commit(partial(destroy_file, one.document))
    own.update(situation="", strengths="", project="", advice="", themes=[], content={}, erased_at=now)


def _erase_shares(subject: Subject, now: datetime) -> None:
    """A link opens nothing any more, and names nobody."""
    _shares(subject).filter(revoked_at=None).update(revoked_at=now)
    _shares(subject).update(recipient="")


MANIFESTS = (
    PersonManifest(
        model=SummaryDocument,
        title="Vos documents de synthèse",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=47,
        rows=_own,
        personal=dict.fromkeys(
            (
                *("version", "revision", "state", "created_at", "proposed_at", "accepted_at"),
                *("superseded_at", "erased_at"),
            ),
            KEPT,
        ),
        sensitive={
            "situation": "",
            "strengths": "",
            "project": "",
            "advice": "",
            "themes": [],
            "content": {},
        },
        technical=("id", "uuid", "pathway", "document"),
        said={"content": _plan_in_words, "themes": _themes_in_words},
        files=_files,
        erase_with=_erase,
        on_merge={"pathway": Treatment.STAYS},
        on_transfer="SUMMARY",
    ),
    PersonManifest(
        model=SummaryAnswer,
        title="Vos réponses à ces documents",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=47,
        rows=lambda subject: SummaryAnswer.objects.filter(
            summary__pathway__beneficiary=subject.beneficiary_id
        ),
        personal=dict.fromkeys(("revision", "answer", "at"), KEPT),
        sensitive={"words": ""},
        technical=("id", "summary"),
    ),
    PersonManifest(
        model=SummaryShare,
        title="Les liens que vous avez donnés",
        purpose="Vous laisser partager ce document, et retirer un partage.",
        retention=retention.WITHOUT_IDENTITY,
        order=48,
        rows=_shares,
        personal={
            **dict.fromkeys(("created_at", "expires_at", "revoked_at"), KEPT),
            "recipient": "",
        },
        technical=("id", "uuid", "summary", "token_digest"),
        erase_with=_erase_shares,
    ),
    PersonManifest(
        model=SummaryReading,
        title="Quand ces liens ont servi",
        purpose="Vous dire quand votre document a été lu.",
        retention=retention.WITHOUT_IDENTITY,
        order=48,
        rows=lambda subject: SummaryReading.objects.filter(
            share__summary__pathway__beneficiary=subject.beneficiary_id
        ),
        personal={"at": KEPT},
        technical=("id", "share"),
    ),
)
