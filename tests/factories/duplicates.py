from collections.abc import Sequence
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from beneficiaries.request.models import Beneficiary
from operators.moving.duplicates.enums import Alike, MergeReason
from operators.moving.duplicates.models import DuplicatePair, PersonMerge
from operators.moving.duplicates.services import merge_people
from tests.factories.accounts import OrganisationFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory

PHONE = "06 39 98 00 01"
KNOWN_FIRST = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
KNOWN_LATER = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)


class DuplicatePairFactory(DjangoModelFactory):
    """Two people of the same name and number, whom an operator knows."""

    class Meta:
        model = DuplicatePair

    organisation = factory.SubFactory(OrganisationFactory)
    first = factory.SubFactory(BeneficiaryFactory, last_name="Morvan", phone=PHONE)
    second = factory.SubFactory(BeneficiaryFactory, last_name="Morvan", phone=PHONE)
    alike = factory.LazyFunction(lambda: [Alike.PHONE, Alike.NAME])
    score = 85
    found_at = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


def twins(adviser, **facts) -> Sequence[Beneficiary]:
    """Two files of one person at an adviser's operator: the one to keep, the one to absorb."""
    names = {"first_name": "Maëlle", "last_name": "Morvan", "phone": PHONE}
    kept = BeneficiaryFactory(**{**names, "created_at": KNOWN_FIRST, **facts})
    absorbed = BeneficiaryFactory(**{**names, "last_name": "MORVAN", "created_at": KNOWN_LATER})
    for person in (kept, absorbed):
        ServiceRequestFactory(
            beneficiary=person, contract=adviser.site.contract, commune=adviser.site.commune
        )
    return kept, absorbed


def merged(adviser, *, now: datetime | None = None) -> PersonMerge:
    """Two files of one person at an adviser's operator, made one by the adviser."""
    kept, absorbed = twins(adviser)
    user = adviser.user
    user.mandate = user.mandates.get()
    return merge_people(
        kept=kept,
        absorbed=absorbed,
        reason=MergeReason.CHECKED,
        by=user,
        now=now or datetime.now(UTC),
    )
