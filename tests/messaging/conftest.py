import pytest

from cep_portal.messaging.hooks import CHECKS, Check
from tests.hooks import only


@pytest.fixture
def facts(monkeypatch):
    """A thing that upper apps would own: uuid → version; what is not in it is no longer true."""
    known: dict = {}

    only(monkeypatch, CHECKS, Check("essai", lambda told: known.get(told.uuid) == told.version))
    return known
