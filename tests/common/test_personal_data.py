import pytest

from cep_portal.accounts.models import User
from cep_portal.common import personal_data
from cep_portal.common.personal_data import KEPT, PersonManifest


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(personal_data, "_declared", {})
    monkeypatch.setattr(personal_data, "_impersonal", set())


def declared(**columns):
    return PersonManifest(model=User, title="Compte", purpose="…", retention="…", rows=None, **columns)


def test_a_column_that_nobody_classified_is_named():
    everything = [field.name for field in User._meta.concrete_fields if field.name != "last_name"]
    personal_data.register(declared(technical=tuple(everything)))

    assert personal_data.undeclared_columns([User]) == ["accounts.User.last_name"]


def test_a_column_classified_twice_or_unknown_is_named():
    everything = tuple(field.name for field in User._meta.concrete_fields)
    personal_data.register(declared(personal={"email": KEPT, "nickname": ""}, technical=everything))

    assert personal_data.undeclared_columns([User]) == ["accounts.User.email", "accounts.User.nickname"]


def test_a_model_that_nobody_declared_has_all_its_columns_named():
    assert len(personal_data.undeclared_columns([User])) == len(User._meta.concrete_fields)


def test_a_model_is_declared_once():
    personal_data.register_impersonal(User)

    with pytest.raises(ValueError, match="declared twice"):
        personal_data.register(declared())
