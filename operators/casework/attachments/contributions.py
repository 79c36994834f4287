"""What files add to a pathway's file and to the personal space."""

from django.urls import reverse

from beneficiaries.space.hooks import ROOMS, OpenSpace, Room
from cep_portal.common.page_parts import PagePart
from operators.casework.attachments import rules, selectors
from operators.casework.pathways.hooks import PARTS, Act, OpenFile


def attachments_section(opened: OpenFile) -> dict | None:
    """How many files, and how many wait for the antivirus; one query."""
    if not rules.can_use_attachments(opened.user):
        return None
    url = reverse("operators:attachment_list", args=[opened.pathway.uuid])
    facts = selectors.attachment_facts(pathway=opened.pathway)
    return {**facts, "pathway": opened.pathway, "acts": [Act("Ajouter un fichier", url)]}


def own_files(space: OpenSpace) -> str:
    """« Mes fichiers », from the first session on."""
    pathway = selectors.present_pathway(beneficiary=space.beneficiary)
    return reverse("operators:own_attachments") if pathway else ""


def contribute() -> None:
    PARTS.add(
        PagePart("Fichiers", "operators/casework/attachments/section.html", attachments_section), order=30
    )
    ROOMS.add(Room("Mes fichiers", own_files), order=45)
