"""Colleagues of the named adviser: one invited, pathways lent and given for good."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.handovers.models import Handover
from operators.moving.handovers.services import HandoverTerms, hand_over
from operators.network.models import Adviser
from operators.reception.team.services import invite_adviser

LENT, GIVEN = 3, 2
HOLIDAYS = timedelta(days=12)


def build_team(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Somebody who has not come yet; a colleague's pathways with the named adviser, and the other way."""
    adviser = Adviser.objects.select_related("site__contract", "user").get(
        user__email="conseil@operateurs.example"
    )
    manager = acting("responsable@operateurs.example")
    invite_adviser(
        site=adviser.site,
        email="arrivee@operateurs.example",
        first_name="Gwenaëlle",
        last_name="Corre",
        max_per_day=6,
        skills=[],
        by=manager,
        now=now,
    )
    colleague = _colleague(adviser)
    if colleague is not None:
        until = (now + HOLIDAYS).date()
        _give(colleague, adviser, LENT, by=manager, now=now, until=until)
        _give(adviser, colleague, GIVEN, by=manager, now=now)
    tell("équipe et relais")


def _colleague(adviser: Adviser) -> Adviser | None:
    others = Adviser.objects.filter(site__contract=adviser.site.contract, is_active=True)
    others = others.exclude(pk=adviser.pk).exclude(user__email="arrivee@operateurs.example")
    return others.select_related("site__contract", "user").order_by("pk").first()


def _give(former: Adviser, colleague: Adviser, most: int, *, by, now: datetime, until=None) -> None:
    """The oldest open pathways of somebody, but those of the named person and those handed over already."""
    own = Pathway.objects.filter(adviser=former, state=PathwayState.OPEN, beneficiary__user=None)
    own = own.exclude(pk__in=Handover.objects.values("pathway"))
    chosen = list(own.select_related("beneficiary").order_by("entered_on", "pk")[:most])
    if chosen:
        hand_over(
            pathways=chosen,
            former=former,
            colleague=colleague,
            terms=HandoverTerms(until=until),
            by=by,
            now=now,
        )
