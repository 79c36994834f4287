"""A column that nobody classified fails the build: personal, sensitive or technical.

Declare it in the `personal_data.py` of its app, with what erasure does to it.
"""

from django.apps import apps

from cep_portal.common import personal_data

OURS = ("accounts", "messaging", "documents", "territories", "procurement", "beneficiaries", "operators")


def test_every_column_of_every_model_is_declared():
    models = [model for label in (*OURS, "reporting") for model in apps.get_app_config(label).get_models()]

    assert len(models) > 40
    assert personal_data.undeclared_columns(models) == []


def test_each_declaration_says_why_and_for_how_long():
    assert [one.title for one in personal_data.declarations() if not (one.purpose and one.retention)] == []
