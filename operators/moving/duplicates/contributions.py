"""What duplicates add to the file of a pathway."""

from django.urls import reverse

from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.pathways.hooks import PARTS, TIMELINE, Happening, OpenFile
from operators.menus import ADVISER, FOLLOW_UP, MANAGER
from operators.moving.duplicates import notices, rules, selectors


def same_person_section(opened: OpenFile) -> dict | None:
    """Who is perhaps the same person, and the pathways of one person joined; nothing when nobody is."""
    if not rules.can_merge_people(opened.user):
        return None
    likely = selectors.duplicates_of(user=opened.user, person=opened.pathway.beneficiary)
    joined = list(selectors.joined_to(pathway=opened.pathway, user=opened.user))
    if not (likely or joined or opened.pathway.joined_into_id):
        return None
    into = opened.pathway.joined_into
    return {"person": opened.pathway.beneficiary, "likely": likely, "joined": joined, "into": into}


def merge_happenings(opened: OpenFile) -> list[Happening]:
    """Each merge of the person, with the page where it is undone."""
    return [
        Happening(
            at=merge.merged_at,
            title="Deux dossiers de cette personne réunis",
            url=reverse("operators:merge_detail", args=[merge.uuid]),
        )
        for merge in selectors.merges_of(person=opened.pathway.beneficiary, user=opened.user)
    ]


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    MENU.add(Entry("Doublons", "operators:pair_list", ADVISER | MANAGER, order=59, group=FOLLOW_UP))
    PARTS.add(
        PagePart("La même personne ?", "operators/moving/duplicates/section.html", same_person_section),
        order=90,
    )
    TIMELINE.add(merge_happenings)
