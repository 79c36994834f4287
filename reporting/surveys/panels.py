"""What surveys add to the personal space."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from reporting.surveys import links, selectors


def survey_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:  # noqa: ARG001 -- the registry's call
    """« Ce que vous pouvez faire »: the survey that waits; hidden when none does."""
    survey = selectors.unanswered_survey(beneficiary=beneficiary)
    return {"url": links.survey_path(survey)} if survey else None
