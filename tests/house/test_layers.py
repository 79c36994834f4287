"""String foreign keys point down, like imports (the linter cannot see strings)."""

import pytest
from django.apps import apps

ORDER = [
    "common",
    "accounts",
    "territories",
    "documents",
    "messaging",
    "procurement",
    "beneficiaries",
    "operators",
    "reporting",
]
SIBLINGS = {"territories": 2, "documents": 2, "messaging": 2}


def height(label: str) -> int:
    if label not in ORDER:
        return -1  # a library: below everything
    return SIBLINGS.get(
        label, 2 + ORDER.index(label) * 10 if label not in ("common", "accounts") else ORDER.index(label)
    )


RELATIONS = [
    (model, field)
    for label in ORDER
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.get_fields()
    if field.is_relation and not field.auto_created and field.related_model
]


def test_relations_are_found():
    assert len(RELATIONS) > 40


@pytest.mark.parametrize(
    ("model", "field"), RELATIONS, ids=lambda part: getattr(part, "name", None) or part.__name__
)
def test_relation_points_down(model, field):
    own, other = model._meta.app_label, field.related_model._meta.app_label

    assert own == other or height(other) < height(own)
