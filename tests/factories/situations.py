import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from beneficiaries.request.enums import Need
from operators.casework.situations.enums import EmploymentStatus, SituationPart
from operators.casework.situations.models import PathwaySituation, Rectification
from tests.factories.dates import instant, on_day
from tests.factories.operators import PathwayFactory


class SituationFactory(DjangoModelFactory):
    """An employee who wants another job, from the entry on; `starts_on=` and `ends_on=` move it."""

    class Meta:
        model = PathwaySituation
        exclude = ["starts_on", "ends_on"]

    starts_on = on_day("2026-10-05")
    ends_on = None
    pathway = factory.SubFactory(PathwayFactory)
    effective = factory.LazyAttribute(lambda row: DateRange(row.starts_on, row.ends_on))
    reasons = factory.LazyFunction(lambda: [Need.CHANGE_JOB])
    status = EmploymentStatus.EMPLOYEE
    profession = "47"
    sector = "NAF2.C"
    recorded_at = instant("2026-10-05 11:00")
    recorded_by = factory.SelfAttribute("pathway.adviser.user")


class RectificationFactory(DjangoModelFactory):
    """The person says that the profession is wrong."""

    class Meta:
        model = Rectification

    pathway = factory.SubFactory(PathwayFactory)
    parts = factory.LazyFunction(lambda: [SituationPart.PROFESSION])
    asked_at = instant("2026-11-16 10:00")
