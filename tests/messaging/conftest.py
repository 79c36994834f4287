import pytest

from cep_portal.messaging import registry


@pytest.fixture
def facts(monkeypatch):
    """A thing that upper apps would own: uuid → version; what is not in it is no longer true."""
    known: dict = {}

    def check(*, uuid, version, now):
        return known.get(uuid) == version

    monkeypatch.setattr(registry, "_checks", {})
    registry.register_check("essai", check)
    return known
