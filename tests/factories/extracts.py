from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.exchange.extracts.enums import ExtractKind, TableFormat
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.services import ask_extract, grant_extract, make_extract
from tests.factories.accounts import OrganisationFactory, UserFactory

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class ExtractFactory(DjangoModelFactory):
    """Asked by a manager of the organisation for November 2026, not judged yet."""

    class Meta:
        model = Extract

    organisation = factory.SubFactory(OrganisationFactory)
    asked_by = factory.SubFactory(
        UserFactory,
        role=Role.OPERATOR_MANAGER,
        role__organisation=factory.SelfAttribute("...organisation"),
    )
    kind = ExtractKind.ACTIVITY
    starts_on = date(2026, 11, 1)
    ends_on = date(2026, 11, 22)
    file_format = TableFormat.CSV
    purpose = "Préparer le bilan annuel avec la région."
    asked_at = NOW


def ready_extract(
    *,
    asked_by: User,
    judged_by: User,
    kind: str = ExtractKind.ACTIVITY,
    file_format: str = TableFormat.CSV,
    starts_on: date = date(2026, 11, 1),
    ends_on: date = date(2026, 11, 22),
    now: datetime = NOW,
) -> Extract:
    """Asked, granted and written, as people and the worker would."""
    extract = ask_extract(
        organisation=asked_by.mandate.organisation,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        file_format=file_format,
        purpose="Préparer le bilan annuel avec la région.",
        by=asked_by,
        now=now,
    )
    grant_extract(extract=extract, by=judged_by, now=now)
    # Outside a test's transaction the worker has written it already, on the commit of the grant.
    return make_extract(extract_id=extract.pk, now=now) or Extract.objects.get(pk=extract.pk)
