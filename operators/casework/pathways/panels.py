"""What pathways add to the personal space."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from operators.casework.pathways import selectors


def pathway_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """« Mon parcours »: the latest one; hidden before the first session."""
    pathway = selectors.latest_pathway(beneficiary=beneficiary)
    if pathway is None:
        return None
    return {
        "pathway": pathway,
        "session_count": pathway.session_count,  # type: ignore[attr-defined]  # annotated by the selector
        "last": pathway.last_held_on,  # type: ignore[attr-defined]
    }
