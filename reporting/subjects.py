"""The subjects of reporting, from low to high."""

SUBJECTS = (
    "reporting.surveys",
    "reporting.facts",
    "reporting.kpis",
    "reporting.closings",
    "reporting.assessment",
    "reporting.dashboards",
    "reporting.packs",
)
