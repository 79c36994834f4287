"""What referrals add to a pathway's file, to the adviser's day and to the personal space."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening, Task
from operators.casework.referrals import presenters, rules, selectors
from operators.casework.referrals.enums import ReferralState
from operators.network.models import Adviser

SHOWN = 5


def file_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:
    """« Orientations »: what is under way, and the way to another one."""
    if not rules.can_refer(user):
        return None
    found = list(selectors.referrals_of_pathway(pathway=pathway))
    return {
        "rows": [
            {
                "door": one.door.name,
                "badge": one.get_state_display(),
                "badge_kind": presenters.BADGES[ReferralState(one.state)],
                "is_late": rules.is_late(one, now=now),
                "url": reverse("operators:referral_detail", args=[one.uuid]),
            }
            for one in found[:SHOWN]
        ],
        "add_url": reverse("operators:referral_choose", args=[pathway.uuid]),
    }


def timeline(*, pathway: Pathway, user: User) -> list[Happening]:
    """Each referral, its answer and its withdrawal as lines of the file."""
    if not rules.can_refer(user):
        return []
    return [
        Happening(
            at=at,
            title=title,
            detail=detail,
            url=reverse("operators:referral_detail", args=[one.uuid]),
            badge="orientation",
        )
        for one in selectors.referrals_of_pathway(pathway=pathway)
        for at, title, detail in presenters.history(one)
    ]


def to_do(*, adviser: Adviser, user: User, now: datetime) -> tuple[list[Task], int, str]:  # noqa: ARG001 -- the registry’s call
    """« Orientations sans réponse », oldest first."""
    waiting = selectors.unanswered(adviser=adviser)
    found = list(waiting[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else waiting.count()
    rows = [presenters.row(one, now=now) for one in found[:SHOWN]]
    tasks = [
        Task(
            label=f"{row['person']} → {row['door']}",
            url=row["url"],
            note=f"envoyée {row['sent']}",
            is_late=row["is_late"],
        )
        for row in rows
    ]
    return tasks, count, reverse("operators:referral_list")


def preparation(
    *,
    appointments: Sequence[Appointment],
    pathways: dict[tuple[int, int], Pathway],
    user: User,
    now: datetime,  # noqa: ARG001 -- the registry’s call
) -> dict[int, list[str]]:
    """What became of the latest referral, before the person is received again."""
    if not pathways or not rules.can_refer(user):
        return {}
    latest = selectors.latest_by_pathway(pathways=[one.pk for one in pathways.values()])
    needed = {}
    for appointment in appointments:
        pathway = pathways.get((appointment.beneficiary_id or 0, appointment.site.contract_id))
        if pathway is not None and pathway.pk in latest:
            needed[appointment.pk] = [presenters.before_appointment(latest[pathway.pk])]
    return needed


def after_session(*, pathway: Pathway) -> str:
    """Where to go when a session’s next step is a referral."""
    return reverse("operators:referral_choose", args=[pathway.uuid])


def space_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """« Mes orientations » on the first screen, while one is under way."""
    found = [
        one
        for one in selectors.referrals_of_person(beneficiary=beneficiary)
        if one.state in ReferralState.open
    ]
    return {"rows": _person_rows(found, now=now)} if found else None


def space_page(*, beneficiary: Beneficiary, now: datetime) -> dict:
    return {"rows": _person_rows(selectors.referrals_of_person(beneficiary=beneficiary), now=now)}


def _person_rows(referrals, *, now: datetime) -> list[dict]:
    return [
        {
            **presenters.row(one, now=now),
            "website": one.door.website,
            "phone": one.door.phone,
            "how": one.door.how,
            "goes_alone": one.way == "PERSON",
            "transmitted": one.transmitted,
            "answer_note": one.answer_note,
            "answered_at": one.answered_at,
            "consented_at": one.consented_at,
            "withdraw_url": reverse("operators:referral_withdraw", args=[one.uuid])
            if one.state in ReferralState.open
            else "",
        }
        for one in referrals
    ]
