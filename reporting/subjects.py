"""The subjects of reporting, from low to high."""

SUBJECTS = (
    "reporting.surveys",
    "reporting.kpis",
    "reporting.assessment",
    "reporting.dashboards",
    "reporting.packs",
)
