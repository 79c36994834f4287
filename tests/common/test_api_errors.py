"""The API says no sentence of Django REST framework: each wrong value names its field, in our words."""

import importlib

import pytest
from rest_framework import serializers

from cep_portal.common.api_errors import named
from tests.common.test_form_errors import framework  # noqa: F401 -- the sentences of the frameworks

FAMILIES = ("appointments", "deliveries", "instants", "pathways", "places", "requests")
MODULES = [f"operators.exchange.software.serializers.{name}" for name in FAMILIES]
WRONG = [
    None,
    "",
    "\x00",
    "CURIEUX",
    -1,
    10**30,
    "x" * 5000,
    [],
    {},
    ["CURIEUX"],
    True,
    "1.123456789",
    "\ud800",
]


def every_field():
    for module in map(importlib.import_module, MODULES):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, serializers.Serializer):
                yield from value().fields.values()


def sentences(field):
    for wrong in WRONG:
        try:
            field.run_validation(wrong)
        except serializers.ValidationError as refusal:
            yield from (text for text in refusal.get_full_details() or [] if isinstance(text, dict))


@pytest.mark.django_db
def test_no_refusal_is_a_sentence_of_a_framework(framework):  # noqa: F811 -- the fixture
    told = {
        (field.field_name, str(text["message"]))
        for field in every_field()
        if not field.read_only
        for text in sentences(field)
        if "message" in text
    }

    said = {named(name, text) for name, text in told}

    assert len(told) > 50
    assert sorted(text for text in said if any(pattern.fullmatch(text) for pattern in framework)) == []


@pytest.mark.parametrize(
    ("serializer", "typed", "said"),
    [
        (
            serializers.EmailField(),
            "nom",
            "« person.email » : donnez une adresse électronique complète, par exemple nom@exemple.fr.",
        ),
        (serializers.IntegerField(), "nom", "« person.email » : donnez un nombre entier."),
        (serializers.CharField(max_length=3), "noms", "« person.email » : 3 caractères au plus."),
        (serializers.ChoiceField(["A"]), "nom", "« person.email » : « nom » n’est pas dans la liste admise."),
    ],
)
def test_wrong_value_names_its_field_and_says_what_to_give(serializer, typed, said):
    with pytest.raises(serializers.ValidationError) as refusal:
        serializer.run_validation(typed)

    assert named("person.email", str(refusal.value.detail[0])) == said
