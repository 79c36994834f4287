"""What files add to a pathway's file and to the personal space."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.casework.attachments import rules, selectors
from operators.casework.pathways.models import Pathway


def attachments_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """How many files, and how many wait for the antivirus; one query."""
    if not rules.can_use_attachments(user):
        return None
    return {**selectors.attachment_facts(pathway=pathway), "pathway": pathway}


def attachments_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """« Mes fichiers »; hidden before the first session."""
    pathway = selectors.present_pathway(beneficiary=beneficiary)
    if pathway is None:
        return None
    return selectors.attachment_facts(pathway=pathway)
