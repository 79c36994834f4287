from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cep_portal.documents.services import issue_document
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.models import SummaryDocument, SummaryReading, SummaryShare
from operators.casework.summaries.notices import DOCUMENT_KIND
from operators.casework.summaries.rules import token_digest
from tests.clock import moved
from tests.factories.dates import instant
from tests.factories.operators import PathwayFactory

BEGUN = instant("2026-11-02 10:00")


def summary_file(version: int = 1):
    return issue_document(
        kind=DOCUMENT_KIND,
        title="Document de synthèse",
        file_name="synthese.pdf",
        content=b"%PDF-1.7 synthese",
        version=version,
        now=moved("2026-11-02 10:00"),
    )


class SummaryFactory(DjangoModelFactory):
    """A draft; `proposed=True` waits for the person, `accepted=True` is frozen with a file."""

    class Meta:
        model = SummaryDocument

    class Params:
        proposed = factory.Trait(state=SummaryState.PROPOSED, revision=1, proposed_at=BEGUN)
        accepted = factory.Trait(
            state=SummaryState.ACCEPTED,
            revision=1,
            proposed_at=BEGUN,
            accepted_at=BEGUN,
            document=factory.LazyAttribute(lambda row: summary_file(row.version)),
        )

    pathway = factory.SubFactory(PathwayFactory)
    version = 1
    situation = "Veut changer de métier."
    project = "Devenir boulangère."
    created_at = BEGUN


class SummaryShareFactory(DjangoModelFactory):
    """A link open for a month of the real clock; `token` is what the person gave."""

    class Meta:
        model = SummaryShare
        exclude = ["token"]

    token = factory.Sequence(lambda n: f"token-{n}")
    summary = factory.SubFactory(SummaryFactory, accepted=True)
    token_digest = factory.LazyAttribute(lambda row: token_digest(row.token))
    recipient = "Centre de formation"
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    expires_at = factory.LazyAttribute(lambda row: row.created_at + timedelta(days=30))


class SummaryReadingFactory(DjangoModelFactory):
    class Meta:
        model = SummaryReading

    share = factory.SubFactory(SummaryShareFactory)
    at = factory.LazyFunction(timezone.now)
