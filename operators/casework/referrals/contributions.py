"""What referrals add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from beneficiaries.rights.hooks import RELEASES
from beneficiaries.space.hooks import PAGES, OpenSpace, Page
from cep_portal.accounts.enums import Role
from cep_portal.common.days import local_day
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Source, Task, Tasks, first_tasks
from cep_portal.common.wording.dates import short_day
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, Check
from operators.casework.pathways.enums import NextStep
from operators.casework.pathways.hooks import (
    FOLLOW_UPS,
    PARTS,
    PREPARATIONS,
    TIMELINE,
    Act,
    Ahead,
    Day,
    FollowUp,
    Happening,
    OpenFile,
)
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import of_adviser
from operators.casework.referrals import notices, person_file, presenters, rules, selectors
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral
from operators.menus import ADVISER, FOLLOW_UP, MANAGER, NETWORK, OPERATORS

LISTED = 5  # referrals in the file


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
            for referral in referrals[:LISTED]
        ],
        "acts": [
            Act(
                "Orienter vers un partenaire",
                reverse("operators:referral_choose", args=[opened.pathway.uuid]),
            )
        ],
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


def to_do(day: Day) -> Tasks:
    """The partners who have not answered, the oldest referral first."""

    def task(referral: Referral) -> Task:
        row = presenters.row(referral, now=day.now)
        return Task(
            verb="Relancer",
            about=f"{row['door']}, pour {row['person']}",
            url=row["url"],
            due_on=local_day(rules.late_after(referral.sent_at), day.adviser.site.zone),
            note=f"envoyée {row['sent']}",
        )

    waiting = selectors.unanswered(adviser=day.adviser)
    return first_tasks(waiting, task, reverse("operators:referral_list"))


def announced(day: Day) -> Tasks:
    """« Annoncé, rien de fixé »: what was said at the last session and is not done, with the way to it."""

    def task(pathway: Pathway) -> Task:
        step = NextStep(pathway.announced)  # type: ignore[attr-defined]  # annotated by the selector
        said_on = local_day(pathway.announced_at, pathway.adviser.site.zone)  # type: ignore[attr-defined]
        is_appointment = step == NextStep.NEXT_SESSION
        booking = reverse("operators:next_appointment", args=[pathway.beneficiary.uuid])
        said = "rendez-vous annoncé" if is_appointment else "orientation annoncée"
        return Task(
            verb="Fixer le rendez-vous de" if is_appointment else "Orienter",
            about=pathway.beneficiary.full_name,
            url=booking if is_appointment else after_session(pathway),
            due_on=said_on + rules.FORGOTTEN_AFTER,
            note=f"{said} le {short_day(said_on)}",
        )

    return first_tasks(
        selectors.announced(adviser=day.adviser, now=day.now), task, reverse("operators:pathway_list")
    )


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
    TO_DOS.add(Source("announced", "Annoncé, rien de fixé", ADVISER, of_adviser(announced)), order=30)
    TO_DOS.add(Source("referrals", "Orientations sans réponse", ADVISER, of_adviser(to_do)), order=60)
    PREPARATIONS.add(preparation)
    FOLLOW_UPS.add(FollowUp(NextStep.REFERRAL, after_session))
    PAGES.add(
        Page(
            slug="orientations",
            title="Mes orientations",
            data=space_page,
            template="operators/casework/referrals/space_page.html",
        ),
        order=32,
    )
