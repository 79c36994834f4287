"""What referrals add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from beneficiaries.rights.hooks import RELEASES
from beneficiaries.space.hooks import PAGES, PANELS, OpenSpace, Page
from cep_portal.accounts.enums import Role
from cep_portal.common.days import local_day
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.wording.dates import short_day
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, Check
from operators.casework.pathways.enums import NextStep
from operators.casework.pathways.hooks import (
    FOLLOW_UPS,
    PARTS,
    PREPARATIONS,
    SHOWN,
    TIMELINE,
    TO_DOS,
    Ahead,
    Card,
    Day,
    FollowUp,
    Happening,
    OpenFile,
    Task,
    ToDoCard,
    first_tasks,
)
from operators.casework.pathways.models import Pathway
from operators.casework.referrals import notices, person_file, presenters, rules, selectors
from operators.casework.referrals.enums import ReferralState
from operators.menus import ADVISER, FOLLOW_UP, MANAGER, NETWORK, OPERATORS


def file_section(opened: OpenFile) -> dict | None:
    """« Orientations »: what is under way, and the way to another one."""
    if not rules.can_refer(opened.user):
        return None
    referrals = list(selectors.referrals_of_pathway(pathway=opened.pathway))
    return {
        "rows": [
            {
                "door": referral.door.name,
                "badge": referral.get_state_display(),
                "badge_kind": presenters.BADGES[ReferralState(referral.state)],
                "is_late": rules.is_late(referral, now=opened.now),
                "url": reverse("operators:referral_detail", args=[referral.uuid]),
            }
            for referral in referrals[:SHOWN]
        ],
        "add_url": reverse("operators:referral_choose", args=[opened.pathway.uuid]),
    }


def timeline(opened: OpenFile) -> list[Happening]:
    """Each referral, its answer and its withdrawal as lines of the file."""
    if not rules.can_refer(opened.user):
        return []
    return [
        Happening(
            at=at,
            title=title,
            detail=detail,
            url=reverse("operators:referral_detail", args=[referral.uuid]),
            badge="orientation",
        )
        for referral in selectors.referrals_of_pathway(pathway=opened.pathway)
        for at, title, detail in presenters.history(referral)
    ]


def to_do(day: Day) -> Card:
    """« Orientations sans réponse », oldest first."""
    waiting = selectors.unanswered(adviser=day.adviser)
    referrals = list(waiting[: SHOWN + 1])
    count = len(referrals) if len(referrals) <= SHOWN else waiting.count()
    rows = [presenters.row(referral, now=day.now) for referral in referrals[:SHOWN]]
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


def announced(day: Day) -> Card:
    """« Annoncé, rien de fixé »: what was said at the last session and is not done, with the way to it."""

    def task(pathway: Pathway) -> Task:
        step = NextStep(pathway.announced)  # type: ignore[attr-defined]  # annotated by the selector
        said_on = local_day(pathway.announced_at, pathway.adviser.site.zone)  # type: ignore[attr-defined]
        is_appointment = step == NextStep.NEXT_SESSION
        booking = reverse("operators:next_appointment", args=[pathway.beneficiary.uuid])
        said = "rendez-vous annoncé" if is_appointment else "orientation annoncée"
        return Task(
            label=pathway.beneficiary.full_name,
            url=booking if is_appointment else after_session(pathway),
            note=f"{said} le {short_day(said_on)}",
            is_late=rules.is_forgotten(pathway.announced_at, now=day.now),  # type: ignore[attr-defined]
        )

    return first_tasks(selectors.announced(adviser=day.adviser), task, reverse("operators:pathway_list"))


def preparation(ahead: Ahead) -> dict[int, list[str]]:
    """What became of the latest referral, before the person is received again."""
    if not ahead.pathways or not rules.can_refer(ahead.user):
        return {}
    latest = selectors.latest_by_pathway(pathways=[pathway.pk for pathway in ahead.pathways.values()])
    needed = {}
    for appointment in ahead.appointments:
        pathway = ahead.pathways.get((appointment.beneficiary_id or 0, appointment.site.contract_id))
        if pathway is not None and pathway.pk in latest:
            needed[appointment.pk] = [presenters.before_appointment(latest[pathway.pk])]
    return needed


def after_session(pathway: Pathway) -> str:
    """Where to go when a session’s next step is a referral."""
    return reverse("operators:referral_choose", args=[pathway.uuid])


def space_panel(space: OpenSpace) -> dict | None:
    """« Mes orientations » on the first screen, while one is under way."""
    referrals = [
        referral
        for referral in selectors.referrals_of_person(beneficiary=space.beneficiary)
        if referral.state in ReferralState.open
    ]
    return {"rows": _person_rows(referrals, now=space.now)} if referrals else None


def space_page(space: OpenSpace) -> dict:
    return {"rows": _person_rows(selectors.referrals_of_person(beneficiary=space.beneficiary), now=space.now)}


def _person_rows(referrals: Any, *, now: datetime) -> list[dict]:
    return [
        {
            **presenters.row(referral, now=now),
            "website": referral.door.website,
            "phone": referral.door.phone,
            "how": referral.door.how,
            "goes_alone": referral.way == "PERSON",
            "transmitted": referral.transmitted,
            "answer_note": referral.answer_note,
            "answered_at": referral.answered_at,
            "consented_at": referral.consented_at,
            "withdraw_url": reverse("operators:referral_withdraw", args=[referral.uuid])
            if referral.state in ReferralState.open
            else "",
        }
        for referral in referrals
    ]


def contribute() -> None:
    door_keepers = frozenset({Role.CONTRACT_MANAGER, Role.ADMINISTRATOR})
    MENU.add(
        Entry("Orientations", "operators:referral_list", ADVISER, order=56, group=FOLLOW_UP),
        Entry("Annuaire", "operators:door_list", MANAGER, order=37, group=NETWORK),
        Entry("Annuaire", "operators:door_list", door_keepers, order=60, group=OPERATORS),
    )
    RELEASES.add(person_file.withdraw_open)
    COMPOSERS.add(*notices.COMPOSERS)
    CHECKS.add(Check(notices.ABOUT, notices.still_open))
    PARTS.add(
        PagePart("Orientations", "operators/casework/referrals/file_section.html", file_section), order=60
    )
    TIMELINE.add(timeline)
    TO_DOS.add(ToDoCard("Annoncé, rien de fixé", announced), order=30)
    TO_DOS.add(ToDoCard("Orientations sans réponse", to_do), order=60)
    PREPARATIONS.add(preparation)
    FOLLOW_UPS.add(FollowUp(NextStep.REFERRAL, after_session))
    PANELS.add(
        PagePart("Mes orientations", "operators/casework/referrals/space_panel.html", space_panel), order=46
    )
    PAGES.add(
        Page(
            slug="orientations",
            title="Mes orientations",
            text="Les services vers lesquels j’ai été orienté, et leurs réponses.",
            data=space_page,
            template="operators/casework/referrals/space_page.html",
        ),
        order=32,
    )
