"""What hand-overs add to the file of a pathway and to the adviser's day."""

from datetime import datetime, timedelta

from django.urls import reverse

from cep_portal.accounts.models import User
from cep_portal.common.wording.dates import long_day
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening, Task
from operators.moving.handovers import selectors
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.models import Handover
from operators.network.models import Adviser

NEWS = timedelta(days=7)  # how long a pathway given for good stays on the day of who took it
SHOWN = 5


def follow_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """Who follows, for how long, and the way to hand over."""
    if pathway.state != PathwayState.OPEN:
        return None
    return {"pathway": pathway, "lent": selectors.lent_now(pathway=pathway)}


def handover_happenings(*, pathway: Pathway, user: User) -> list[Happening]:
    return [line for one in selectors.handovers_of(pathway=pathway, user=user) for line in _happenings(one)]


def _happenings(one: Handover) -> list[Happening]:
    lines = [
        Happening(
            at=one.handed_at,
            title=f"Parcours confié à {one.colleague.user.full_name}",
            detail=f"par {one.former.user.full_name}, {_until(one)}",
        )
    ]
    if one.ended_at:
        lines.append(Happening(at=one.ended_at, title=f"Parcours repris par {one.former.user.full_name}"))
    return lines


def _until(one: Handover) -> str:
    return f"jusqu’au {long_day(one.until)}" if one.until else one.get_kind_display()


def handed_to_do(*, adviser: Adviser, user: User, now: datetime) -> tuple[list[Task], int, str]:
    """The people whom a colleague handed over: lent now, or given this week."""
    taken = selectors.taken_by(adviser=adviser, user=user, since=now - NEWS)
    found = list(taken[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else taken.count()
    more = reverse("operators:pathway_list") if count > SHOWN else ""
    return [_task(one) for one in found[:SHOWN]], count, more


def _task(one: Handover) -> Task:
    until = f", {_until(one)}" if one.kind in HandoverKind.lent else ""
    return Task(
        label=one.pathway.beneficiary.full_name,
        url=reverse("operators:pathway_detail", args=[one.pathway.uuid]),
        note=f"par {one.former.user.full_name}{until}",
    )
