import pytest

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.operators import SiteFactory


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def site(db):
    return SiteFactory(name="Rennes")


@pytest.fixture
def asker(site):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)


@pytest.fixture
def colleague(site):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)


@pytest.fixture
def contracts(db):
    return UserFactory(role=Role.CONTRACT_MANAGER)
