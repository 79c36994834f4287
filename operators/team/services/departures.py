"""Advisers who leave and come back: nobody who is booked or followed is forgotten."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.services import end_mandate, grant_mandate, record
from cep_portal.common.templatetags.french import long_instant
from operators.agenda.models import Replacement
from operators.agenda.registry import next_meeting
from operators.agenda.services import end_calendar_feed, replace_adviser
from operators.network.models import Adviser
from operators.team.errors import SuspensionRefused


@transaction.atomic
def suspend_adviser(*, adviser: Adviser, by: User, now: datetime) -> list[Replacement]:
    """Take an adviser off the slots and out of the portal; each person booked is proposed something.

    A colleague free at the same hour takes the session, else it is cancelled and three slots are proposed:
    one message each (ADR 0018). Openings stay, offered again when the adviser comes back. Raises
    SuspensionRefused when it is done already or over an information meeting.
    """
    adviser = _locked(adviser)
    if not adviser.is_active:
        raise SuspensionRefused("Ce conseiller est déjà suspendu.")
    _set_active(adviser, is_active=False)
    for mandate in _mandates(adviser).order_by("pk"):
        end_mandate(mandate=mandate, by=by, now=now)
    end_calendar_feed(adviser=adviser, by=by, now=now)
    replaced = replace_adviser(adviser=adviser, from_at=now, by=by, now=now)
    _check_meetings(adviser, now=now)  # once the days are locked: no meeting is laid meanwhile
    data = {"replaced": len(replaced)}
    record(action="operators.adviser.suspended", target=adviser, by=by, data=data, now=now)
    return replaced


@transaction.atomic
def resume_adviser(*, adviser: Adviser, by: User, now: datetime) -> Adviser:
    """Let a suspended adviser in again: the openings that still run are offered from this instant.

    Raises SuspensionRefused when the adviser is not suspended.
    """
    adviser = _locked(adviser)
    if adviser.is_active:
        raise SuspensionRefused("Ce conseiller est en activité.")
    _set_active(adviser, is_active=True)
    today = timezone.localdate(now)
    if not _mandates(adviser).active(today).exists():
        grant_mandate(
            user=adviser.user,
            role=Role.ADVISER,
            organisation=adviser.site.contract.holder,
            starts_on=today,
            by=by,
        )
    record(action="operators.adviser.resumed", target=adviser, by=by, now=now)
    return adviser


def _locked(adviser: Adviser) -> Adviser:
    whole = Adviser.objects.select_related("user", "site__contract__holder")
    return whole.select_for_update(of=("self",), no_key=True).get(pk=adviser.pk)


def _set_active(adviser: Adviser, *, is_active: bool) -> None:
    adviser.is_active = is_active
    adviser.save(update_fields=["is_active"])


def _mandates(adviser: Adviser):
    """The mandates that let this adviser in, for this operator."""
    held = adviser.user.mandates.filter(role=Role.ADVISER, ended_at__isnull=True)
    return held.filter(organisation=adviser.site.contract.holder_id)


def _check_meetings(adviser: Adviser, *, now: datetime) -> None:
    meeting = next_meeting(adviser=adviser, starts_at=now, ends_at=None)
    if meeting is not None:
        when = long_instant(meeting, adviser.site.zone)
        raise SuspensionRefused(f"Une réunion d’information est prévue {when} : annulez-la d’abord.")
