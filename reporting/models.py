"""The app's models, gathered for Django; each lives with its subject."""

from reporting.assessment.models import CommitmentResult
from reporting.closings.models import (
    Closing,
    DataDispute,
    FrozenValue,
    Neutralisation,
    Reopening,
    Restatement,
)
from reporting.kpis.models import KpiRun, KpiValue
from reporting.packs.models import RegionalPack
from reporting.surveys.models import FormerSurvey, Survey

__all__ = [
    "Closing",
    "CommitmentResult",
    "DataDispute",
    "FormerSurvey",
    "FrozenValue",
    "KpiRun",
    "KpiValue",
    "Neutralisation",
    "RegionalPack",
    "Reopening",
    "Restatement",
    "Survey",
]
