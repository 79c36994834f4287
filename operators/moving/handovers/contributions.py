"""What hand-overs add to the file of a pathway and to the adviser's day."""

from datetime import timedelta

from django.urls import reverse

from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Source, Task, Tasks, first_tasks
from cep_portal.common.wording.dates import long_day
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.desk.hooks import ASSIGNMENTS
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.hooks import (
    PARTS,
    STAND_INS,
    TIMELINE,
    Act,
    Day,
    Happening,
    OpenFile,
)
from operators.casework.pathways.selectors import of_adviser
from operators.menus import ADVISER, FOLLOW_UP, MANAGER
from operators.moving.handovers import notices, person_file, selectors
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.models import Handover

NEWS = timedelta(days=7)  # how long a pathway given for good stays on the day of who took it


def follow_section(opened: OpenFile) -> dict | None:
    """Who follows, for how long, and the way to hand over."""
    if opened.pathway.state != PathwayState.OPEN:
        return None
    lent = selectors.lent_now(pathway=opened.pathway)
    url = reverse("operators:pathway_hand_over", args=[opened.pathway.uuid])
    acts = [] if lent else [Act("Confier à un collègue", url)]
    return {"pathway": opened.pathway, "lent": lent, "acts": acts, "is_silent": lent is None}


def handover_happenings(opened: OpenFile) -> list[Happening]:
    return [
        line
        for handover in selectors.handovers_of(pathway=opened.pathway, user=opened.user)
        for line in _happenings(handover)
    ]


def _happenings(handover: Handover) -> list[Happening]:
    lines = [
        Happening(
            at=handover.handed_at,
            title=f"Parcours confié à {handover.colleague.user.full_name}",
            detail=f"par {handover.former.user.full_name}, {_until(handover)}",
        )
    ]
    if handover.ended_at:
        lines.append(
            Happening(at=handover.ended_at, title=f"Parcours repris par {handover.former.user.full_name}")
        )
    return lines


def _until(handover: Handover) -> str:
    return f"jusqu’au {long_day(handover.until)}" if handover.until else handover.get_kind_display()


def handed_to_do(day: Day) -> Tasks:
    """The people whom a colleague handed over: lent now, or given this week."""
    taken = selectors.taken_by(adviser=day.adviser, user=day.user, since=day.now - NEWS)
    return first_tasks(taken, _task, reverse("operators:pathway_list"))


def _task(handover: Handover) -> Task:
    until = f", {_until(handover)}" if handover.kind in HandoverKind.lent else ""
    return Task(
        verb="Reprendre le suivi de",
        about=handover.pathway.beneficiary.full_name,
        url=reverse("operators:pathway_detail", args=[handover.pathway.uuid]),
        note=f"par {handover.former.user.full_name}{until}",
    )


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    MENU.add(
        Entry(
            "Confier des parcours", "operators:portfolio_list", ADVISER | MANAGER, order=56, group=FOLLOW_UP
        )
    )
    ASSIGNMENTS.add(person_file.lends)
    STAND_INS.add(person_file.stand_ins)
    PARTS.add(PagePart("Suivi", "operators/moving/handovers/section.html", follow_section), order=10)
    TIMELINE.add(handover_happenings)
    TO_DOS.add(Source("handed", "Confiés à vous", ADVISER, of_adviser(handed_to_do)), order=30)
