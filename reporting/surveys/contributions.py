"""What surveys add to the personal space."""

from beneficiaries.space.hooks import PANELS, OpenSpace
from cep_portal.common.page_parts import PagePart
from cep_portal.messaging.hooks import COMPOSERS
from reporting.surveys import links, notices, selectors


def survey_panel(space: OpenSpace) -> dict | None:
    """« Ce que vous pouvez faire »: the survey that waits; hidden when none does."""
    survey = selectors.unanswered_survey(beneficiary=space.beneficiary)
    return {"url": links.survey_path(survey)} if survey else None


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    part = PagePart("Ce que vous pouvez faire", "reporting/surveys/panel.html", survey_panel)
    PANELS.add(part, order=20)
