from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from operators.network.enums import ServiceLevel
from reporting.kpis.enums import PeriodKind, RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.surveys.enums import SurveyKind
from reporting.surveys.models import Survey
from tests.factories.operators import PathwayFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import RegionFactory


class SurveyFactory(DjangoModelFactory):
    class Meta:
        model = Survey

    pathway = factory.SubFactory(PathwayFactory)
    kind = SurveyKind.AT_CLOSING
    level = ServiceLevel.ONE
    sent_at = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
    answered_at = None
    known_from = factory.LazyAttribute(lambda survey: survey.answered_at or survey.sent_at)


class KpiRunFactory(DjangoModelFactory):
    class Meta:
        model = KpiRun

    known_at = datetime(2026, 11, 1, 2, 10, tzinfo=UTC)
    started_at = datetime(2026, 11, 1, 2, 10, tzinfo=UTC)
    finished_at = datetime(2026, 11, 1, 2, 11, tzinfo=UTC)
    state = RunState.DONE
    engine_version = "1"


class KpiValueFactory(DjangoModelFactory):
    class Meta:
        model = KpiValue

    kpi = "entries"
    definition_version = 1
    contract = factory.SubFactory(ContractFactory)
    region = factory.SubFactory(RegionFactory)
    period_kind = PeriodKind.MONTH
    period_starts_on = date(2026, 10, 1)
    numerator = 40
    run = factory.SubFactory(KpiRunFactory)
