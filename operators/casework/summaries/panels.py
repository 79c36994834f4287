"""What summaries add to the pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import short_day
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening, Task
from operators.casework.summaries import rules, selectors
from operators.casework.summaries.enums import Answer, SummaryState
from operators.network.models import Adviser

SHOWN = 5


def summary_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """The card of a pathway's file: the latest version and where it stands."""
    if not rules.can_write_summaries(user):
        return None
    latest = selectors.latest_summary(pathway=pathway)
    return {"latest": latest, "url": reverse("operators:summary", args=[pathway.uuid])}


def summary_happenings(*, pathway: Pathway, user: User) -> list[Happening]:
    """What the person answered, as lines of the timeline."""
    if not rules.can_write_summaries(user):
        return []
    url = reverse("operators:summary", args=[pathway.uuid])
    titles = {
        Answer.ACCEPTED: "Document de synthèse accepté",
        Answer.CORRECTION: "Correction demandée sur le document de synthèse",
    }
    return [
        Happening(
            at=one.at,
            title=titles[Answer(one.answer)],
            detail=f"version {one.summary.version}",
            url=url,
        )
        for one in selectors.answers_of(pathway=pathway)
    ]


def awaited_summaries(*, adviser: Adviser, user: User, now: datetime) -> tuple[list[Task], int, str]:
    """Documents that wait for the person's agreement, or come back to be corrected."""
    found = list(selectors.awaited(adviser=adviser, user=user)[: SHOWN + 20])
    tasks = []
    for one in found:
        note, is_late = "correction demandée", False
        if one.state == SummaryState.PROPOSED and one.proposed_at is not None:
            day = local_day(one.proposed_at, adviser.site.zone)
            note, is_late = f"proposé le {short_day(day)}", rules.is_late(one.proposed_at, now=now)
        url = reverse("operators:summary", args=[one.pathway.uuid])
        tasks.append(Task(one.pathway.beneficiary.full_name, url, note=note, is_late=is_late))
    tasks.sort(key=lambda one: not one.is_late)
    return tasks[:SHOWN], len(found), ""


def awaited_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """« Un document attend votre accord »; hidden when none does."""
    waiting = [
        one for one in selectors.own_summaries(beneficiary=beneficiary) if one.state == SummaryState.PROPOSED
    ]
    return {"waiting": waiting} if waiting else None


def summaries_page(*, beneficiary: Beneficiary, now: datetime) -> dict:  # noqa: ARG001 -- the registry's call
    """Every version proposed to the person, latest first."""
    return {"summaries": list(selectors.own_summaries(beneficiary=beneficiary))}
