"""What summaries add to the pathway's file, to the adviser's day and to the personal space."""

from django.urls import reverse

from beneficiaries.rights.hooks import RELEASES, FileEnd
from beneficiaries.space.hooks import PAGES, PANELS, OpenSpace, Page
from cep_portal.common.days import local_day
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import SHOWN, TO_DOS, Source, Task, Tasks
from cep_portal.common.wording.dates import short_day
from cep_portal.documents.hooks import ISSUED_KINDS, IssuedKind, Standing
from cep_portal.documents.models import StoredDocument
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.pathways.hooks import (
    PARTS,
    TIMELINE,
    Day,
    Happening,
    OpenFile,
)
from operators.casework.pathways.selectors import of_adviser
from operators.casework.summaries import notices, rules, selectors, services
from operators.casework.summaries.enums import Answer, SummaryState
from operators.menus import ADVISER


def summary_section(opened: OpenFile) -> dict | None:
    """The card of a pathway's file: the latest version and where it stands."""
    if not rules.can_write_summaries(opened.user):
        return None
    latest = selectors.latest_summary(pathway=opened.pathway)
    return {"latest": latest, "url": reverse("operators:summary", args=[opened.pathway.uuid])}


def summary_happenings(opened: OpenFile) -> list[Happening]:
    """What the person answered, as lines of the timeline."""
    if not rules.can_write_summaries(opened.user):
        return []
    url = reverse("operators:summary", args=[opened.pathway.uuid])
    titles = {
        Answer.ACCEPTED: "Document de synthèse accepté",
        Answer.CORRECTION: "Correction demandée sur le document de synthèse",
    }
    return [
        Happening(
            at=answer.at,
            title=titles[Answer(answer.answer)],
            detail=f"version {answer.summary.version}",
            url=url,
        )
        for answer in selectors.answers_of(pathway=opened.pathway)
    ]


def awaited_summaries(day: Day) -> Tasks:
    """Documents that wait for the person's agreement, or come back to be corrected."""
    summaries = list(selectors.awaited(adviser=day.adviser, user=day.user)[: SHOWN + 20])
    tasks = []
    for summary in summaries:
        verb, note, due_on = "Corriger la synthèse de", "correction demandée", None
        if summary.state == SummaryState.PROPOSED and summary.proposed_at is not None:
            proposed_on = local_day(summary.proposed_at, day.adviser.site.zone)
            verb, note = "Obtenir l’accord de", f"document de synthèse proposé le {short_day(proposed_on)}"
            due_on = proposed_on + rules.LATE_AFTER
        url = reverse("operators:summary", args=[summary.pathway.uuid])
        tasks.append(Task(verb, summary.pathway.beneficiary.full_name, url, due_on=due_on, note=note))
    return Tasks(tasks[:SHOWN], len(summaries))


def awaited_panel(space: OpenSpace) -> dict | None:
    """« Un document attend votre accord »; hidden when none does."""
    waiting = [
        summary
        for summary in selectors.own_summaries(beneficiary=space.beneficiary)
        if summary.state == SummaryState.PROPOSED
    ]
    return {"waiting": waiting} if waiting else None


def summaries_page(space: OpenSpace) -> dict:
    """Every version proposed to the person, latest first."""
    return {"summaries": list(selectors.own_summaries(beneficiary=space.beneficiary))}


def end_shares(file_end: FileEnd) -> None:
    """A frozen or erased file is open to nobody: the links given end."""
    services.revoke_shares(beneficiary=file_end.beneficiary, now=file_end.now, by=file_end.by)


def standing(document: StoredDocument) -> Standing | None:
    """Whether a summary is still the one that holds: nothing of the person."""
    summary = selectors.standing_of(document)
    return Standing(since=summary.superseded_at) if summary and summary.superseded_at else None


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    RELEASES.add(end_shares)
    ISSUED_KINDS.add(IssuedKind(notices.DOCUMENT_KIND, standing))
    PARTS.add(
        PagePart("Document de synthèse", "operators/casework/summaries/section.html", summary_section),
        order=28,
    )
    TIMELINE.add(summary_happenings)
    TO_DOS.add(
        Source("summaries", "En attente d’un accord", ADVISER, of_adviser(awaited_summaries)), order=40
    )
    PANELS.add(
        PagePart("Un document attend votre accord", "operators/casework/summaries/panel.html", awaited_panel),
        order=15,
    )
    PAGES.add(
        Page(
            slug="synthese",
            title="Mes documents de synthèse",
            data=summaries_page,
            template="operators/casework/summaries/own_summaries.html",
        ),
        order=28,
    )
