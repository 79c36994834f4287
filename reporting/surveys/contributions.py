from beneficiaries.space.registry import register_panel
from reporting.surveys.panels import survey_panel


def contribute() -> None:
    register_panel(
        title="Ce que vous pouvez faire",
        order=20,
        context=survey_panel,
        template="reporting/surveys/panel.html",
    )
