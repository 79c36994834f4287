import pytest

from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import PathwayFactory


@pytest.fixture
def pathway():
    person = BeneficiaryFactory(
        first_name="Maëlle", last_name="Kerbrat", phone="06 39 98 00 01", email="maelle@exemple.example"
    )
    return PathwayFactory(beneficiary=person)


@pytest.fixture
def adviser(pathway):
    return pathway.adviser.user


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client
