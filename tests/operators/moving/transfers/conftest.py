import pytest

from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.factories.transfers import receiving_adviser


@pytest.fixture
def receiver():
    """The adviser who will follow, at the operator of Strasbourg."""
    return receiving_adviser()


@pytest.fixture
def pathway(receiver):  # somebody must be there to receive
    person = BeneficiaryFactory(
        first_name="Maëlle",
        last_name="Kerbrat",
        phone="06 39 98 00 01",
        email="maelle@exemple.example",
        user=UserFactory(role="BENEFICIARY"),
    )
    return PathwayFactory(beneficiary=person, adviser=AdviserFactory())
