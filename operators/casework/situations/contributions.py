"""What situations add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse

from beneficiaries.space.hooks import PAGES, OpenSpace, Page
from cep_portal.common.days import local_day
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import SHOWN, TO_DOS, Source, Task, Tasks
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.hooks import (
    PARTS,
    TIMELINE,
    Act,
    Day,
    Happening,
    OpenFile,
)
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import of_adviser
from operators.casework.situations import notices, presenters, rules, selectors
from operators.casework.situations.models import PathwaySituation
from operators.menus import ADVISER


def situation_section(opened: OpenFile) -> dict | None:
    """What is true today, and what the person asks to correct; one query."""
    if not rules.can_keep_situations(opened.user):
        return None
    today = local_day(opened.now, opened.pathway.adviser.site.zone)
    situation = selectors.situation_on(pathway=opened.pathway, day=today)
    return {
        "pathway": opened.pathway,
        "situation": situation,
        "period": presenters.period(situation) if situation else "",
        "parts": presenters.parts_of(situation) if situation else [],
        "acts": _acts(opened.pathway, is_known=situation is not None),
        "is_asked": situation.is_asked if situation else False,  # type: ignore[attr-defined]  # annotated
    }


def _acts(pathway: Pathway, *, is_known: bool) -> list[Act]:
    if pathway.state != PathwayState.OPEN:
        return []
    url = reverse("operators:situation_change", args=[pathway.uuid])
    return [Act("Noter un changement de situation" if is_known else "Noter la situation", url)]


def situation_happenings(opened: OpenFile) -> list[Happening]:
    """What changed and when, and each correction; one query."""
    if not rules.can_keep_situations(opened.user):
        return []
    situations = list(selectors.history(pathway=opened.pathway))
    present = [situation for situation in situations if situation.replaced_at is None]
    told = [
        _happening(opened.pathway, situation, before) for situation, before in presenters.with_before(present)
    ]
    corrections = sorted(
        {situation.replaced_at for situation in situations if situation.replaced_at is not None}
    )
    url = reverse("operators:situation_list", args=[opened.pathway.uuid])
    return told + [Happening(at=at, title="Situation corrigée", url=url) for at in corrections]


def _happening(pathway: Pathway, situation: PathwaySituation, before: PathwaySituation | None) -> Happening:
    """At the day it is true from, the day of the entry at the earliest: the file begins there."""
    zone = pathway.adviser.site.zone
    day = max(situation.starts_on, pathway.entered_on)
    words = presenters.change_words(before, situation) if before else []
    words += presenters.later_words(situation, local_day(situation.recorded_at, zone))
    return Happening(
        at=datetime.combine(day, time.min, ZoneInfo(zone)),
        title="La situation change" if before else "Situation à l’entrée",
        detail=" · ".join(words),
        url=reverse("operators:situation_list", args=[pathway.uuid]),
    )


def rectifications_to_do(day: Day) -> Tasks:
    """The people who ask to correct what is written of them; one query."""
    if not rules.can_keep_situations(day.user):
        return Tasks()
    waiting = list(selectors.rectifications_to_answer(adviser=day.adviser))
    tasks = [
        Task(
            verb="Corriger la situation de",
            about=rectification.pathway.beneficiary.full_name,
            url=reverse("operators:situation_list", args=[rectification.pathway.uuid]),
            due_on=local_day(selectors.answer_by(rectification)),
            is_pinned=True,
        )
        for rectification in waiting[:SHOWN]
    ]
    return Tasks(tasks, len(waiting))


def situation_page(space: OpenSpace) -> dict:
    """« Ma situation »: what is written of me, since when, by whom; ask to correct it."""
    pathway = selectors.present_pathway(beneficiary=space.beneficiary)
    if pathway is None:
        return {"pathway": None}
    situations = list(selectors.history(pathway=pathway))
    waiting = selectors.open_rectification(pathway=pathway)
    return {
        "pathway": pathway,
        "zone": pathway.adviser.site.zone,
        "rows": presenters.history_rows(situations),
        "former": presenters.former_rows(situations),
        "waiting": waiting,
        "answer_by": selectors.answer_by(waiting) if waiting else None,
        "is_overdue": waiting is not None and selectors.answer_by(waiting) < space.now,
        "answered": None if waiting else selectors.last_rectification(pathway=pathway),
    }


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    PARTS.add(PagePart("Situation", "operators/casework/situations/section.html", situation_section), order=5)
    TIMELINE.add(situation_happenings)
    TO_DOS.add(
        Source("rectifications", "Situations à corriger", ADVISER, of_adviser(rectifications_to_do)), order=45
    )
    PAGES.add(
        Page(
            slug="situation",
            title="Ma situation",
            data=situation_page,
            template="operators/casework/situations/space_page.html",
        ),
        order=25,
    )
