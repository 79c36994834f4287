"""What duplicates add to the file of a pathway."""

from datetime import datetime

from django.urls import reverse

from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening
from operators.moving.duplicates import rules, selectors


def same_person_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """Who is perhaps the same person, and the pathways of one person joined; nothing when nobody is."""
    if not rules.can_merge_people(user):
        return None
    likely = selectors.duplicates_of(user=user, person=pathway.beneficiary)
    joined = list(selectors.joined_to(pathway=pathway, user=user))
    if not (likely or joined or pathway.joined_into_id):
        return None
    into = pathway.joined_into
    return {"person": pathway.beneficiary, "likely": likely, "joined": joined, "into": into}


def merge_happenings(*, pathway: Pathway, user: User) -> list[Happening]:
    """Each merge of the person, with the page where it is undone."""
    return [
        Happening(
            at=one.merged_at,
            title="Deux dossiers de cette personne réunis",
            url=reverse("operators:merge_detail", args=[one.uuid]),
        )
        for one in selectors.merges_of(person=pathway.beneficiary, user=user)
    ]
