"""The app's models, gathered for Django; each lives with its subject."""

from reporting.kpis.models import KpiRun, KpiValue
from reporting.packs.models import RegionalPack
from reporting.surveys.models import Survey

__all__ = ["KpiRun", "KpiValue", "RegionalPack", "Survey"]
