"""Advisers who leave and come back: nobody who is booked or followed is forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.services import MandateScope, end_mandate, grant_mandate, record
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda.hooks import next_meeting
from operators.booking.agenda.models import Replacement
from operators.booking.agenda.services import end_calendar_feed, replace_adviser
from operators.casework.pathways.enums import PathwayState
from operators.moving.handovers.models import Handover
from operators.moving.handovers.selectors import loans_to, portfolio
from operators.moving.handovers.services import (
    HandoverTerms,
    bring_back,
    check_colleague,
    hand_over,
    return_loans,
)
from operators.network.models import Adviser
from operators.network.services import locked_advisers, locked_sites
from operators.reception.team.errors import SuspensionRefused


@dataclass(frozen=True)
class Suspended:
    """What became of who was booked and of who was followed."""

    replaced: list[Replacement]
    handed: list[Handover]


@transaction.atomic
def suspend_adviser(
    *,
    adviser: Adviser,
    colleague: Adviser | None = None,
    for_good: bool = False,
    by: User,
    now: datetime,
) -> Suspended:
    """Take an adviser off the slots and out of the portal, and give their people to a colleague, in one act.

    Each person booked is proposed something (ADR 0018): who follows them from now on at the same hour, else
    another colleague, else three slots. Each open pathway goes to `colleague`, until the adviser resumes
    unless `for_good`; without colleague it stays in sight, to be handed over. What colleagues lent returns
    to them. Openings stay, offered again when the adviser comes back. Raises SuspensionRefused when it is
    done already or over an information meeting, ColleagueUnfit when the colleague cannot take pathways.
    """
    adviser, colleague = _locked_with(adviser, colleague)
    if not adviser.is_active:
        raise SuspensionRefused("Ce conseiller est déjà suspendu.")
    _set_active(adviser, is_active=False)
    followed = adviser.pathways.filter(state=PathwayState.OPEN)
    replaced = replace_adviser(
        adviser=adviser,
        from_at=now,
        first=colleague,
        also_people=followed.values_list("beneficiary", flat=True),
        by=by,
        now=now,
    )
    _check_meetings(adviser, now=now)  # once the days are locked: no meeting is laid meanwhile
    return_loans(colleague=adviser, by=by, now=now)
    handed = _give_portfolio(adviser, colleague, replaced, for_good=for_good, by=by, now=now)
    # After the people and their days: whoever acts in the adviser's name at this instant holds those first.
    for mandate in _mandates(adviser).order_by("pk"):
        end_mandate(mandate=mandate, by=by, now=now)
    end_calendar_feed(adviser=adviser, by=by, now=now)
    data = {"replaced": len(replaced), "handed": len(handed)}
    record(action="operators.adviser.suspended", target=adviser, by=by, data=data, now=now)
    return Suspended(replaced, handed)


def _give_portfolio(
    adviser: Adviser,
    colleague: Adviser | None,
    replaced: list[Replacement],
    *,
    for_good: bool,
    by: User,
    now: datetime,
) -> list[Handover]:
    pathways = list(portfolio(adviser=adviser))
    if colleague is None or not pathways:
        return []
    handed, _ = hand_over(
        pathways=pathways,
        former=adviser,
        colleague=colleague,
        terms=HandoverTerms(
            until_back=not for_good,
            with_appointments=False,
            replaced={
                replacement.appointment.beneficiary_id
                for replacement in replaced
                if replacement.appointment.beneficiary_id
            },
        ),
        by=by,
        now=now,
    )
    return handed


@transaction.atomic
def resume_adviser(*, adviser: Adviser, by: User, now: datetime) -> Adviser:
    """Let a suspended adviser in again: the openings that still run are offered from this instant, and the
    pathways given until the return come back, each person told.

    Raises SuspensionRefused when the adviser is not suspended, or their place is closed for good.
    """
    adviser = locked_advisers(adviser.pk)[adviser.pk]
    if adviser.is_active:
        raise SuspensionRefused("Ce conseiller est en activité.")
    if not locked_sites(adviser.site_id)[adviser.site_id].is_open:
        raise SuspensionRefused(
            f"{adviser.site.name} est fermé pour de bon : donnez-lui d’abord un autre lieu."
        )
    _set_active(adviser, is_active=True)
    today = local_day(now)
    if not _mandates(adviser).active(today).exists():
        grant_mandate(
            user=adviser.user,
            role=Role.ADVISER,
            scope=MandateScope(organisation=adviser.site.contract.holder),
            starts_on=today,
            by=by,
        )
    data = {"brought_back": bring_back(former=adviser, by=by, now=now)}
    record(action="operators.adviser.resumed", target=adviser, by=by, data=data, now=now)
    return adviser


def _locked_with(adviser: Adviser, colleague: Adviser | None) -> tuple[Adviser, Adviser | None]:
    """Who leaves, who follows their people and who lent them some, all locked in one order, then checked.

    Once locked, nobody lends the adviser anything more. Raises SuspensionRefused, and ColleagueUnfit before
    anybody is told a name.
    """
    chosen = {adviser.pk} if colleague is None else {adviser.pk, colleague.pk}
    lenders = loans_to(colleague=adviser).values_list("former", flat=True)
    rows = locked_advisers(*chosen, *lenders)
    if not {*lenders.all()} <= rows.keys():
        raise SuspensionRefused(
            "Des parcours changent de main en ce moment même. Recommencez dans un instant."
        )
    if colleague is not None:
        check_colleague(rows[adviser.pk], rows[colleague.pk])
    return rows[adviser.pk], None if colleague is None else rows[colleague.pk]


def _set_active(adviser: Adviser, *, is_active: bool) -> None:
    adviser.is_active = is_active
    adviser.save(update_fields=["is_active"])


def _mandates(adviser: Adviser) -> Any:
    """The mandates that let this adviser in, for this operator."""
    held = adviser.user.mandates.filter(role=Role.ADVISER, ended_at__isnull=True)
    return held.filter(organisation=adviser.site.contract.holder_id)


def _check_meetings(adviser: Adviser, *, now: datetime) -> None:
    meeting = next_meeting(adviser=adviser, starts_at=now, ends_at=None, now=now)
    if meeting is not None:
        when = long_instant(meeting, adviser.site.zone)
        raise SuspensionRefused(f"Une réunion d’information est prévue {when} : annulez-la d’abord.")
