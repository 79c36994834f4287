"""The wrong values of an API call in our words: no sentence of Django REST framework, each with its field."""

import re
from functools import cache

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers
from rest_framework.fields import Field

PLACE = re.compile(r"\\\{(\w+)\\\}")
NOT_READ = "cette valeur ne se lit pas"
# By code of the framework; what is between braces is what it says too.
SAID = {
    "required": "donnez une valeur",
    "null": "donnez une valeur, null n’est pas admis",
    "blank": "donnez une valeur, elle ne peut pas être vide",
    "empty": "donnez au moins une valeur",
    "max_length": "{max_length} caractères au plus",
    "min_length": "{min_length} caractères au moins",
    "max_value": "{max_value} au plus",
    "min_value": "{min_value} au moins",
    "max_string_length": "ce nombre est trop long",
    "max_digits": "{max_digits} chiffres au plus",
    "max_decimal_places": "{max_decimal_places} chiffres au plus après la virgule",
    "max_whole_digits": "{max_whole_digits} chiffres au plus avant la virgule",
    "invalid_choice": "« {input} » n’est pas dans la liste admise",
    "not_a_list": "donnez une liste",
    "not_a_dict": "donnez un objet",
    "datetime": "donnez un jour sans heure, par exemple 2026-11-30",
    "date": "donnez un jour et une heure, par exemple 2026-11-30T09:00:00+01:00",
    "surrogate_characters_not_allowed": "un signe de ce texte ne se lit pas",
}
# What is not of the kind asked, by field, the first that fits.
INVALID: tuple[tuple[type[Field], str], ...] = (
    (serializers.BooleanField, "donnez true ou false"),
    (serializers.EmailField, "donnez une adresse électronique complète, par exemple nom@exemple.fr"),
    (serializers.URLField, "donnez une adresse complète, par exemple https://exemple.fr"),
    (serializers.UUIDField, "donnez un identifiant UUID"),
    (serializers.CharField, "donnez un texte"),
    (serializers.IntegerField, "donnez un nombre entier"),
    (serializers.FloatField, "donnez un nombre"),
    (serializers.DecimalField, "donnez un nombre"),
    (serializers.DateField, "donnez un jour, par exemple 2026-11-30"),
    (serializers.DateTimeField, "donnez un instant, par exemple 2026-11-30T09:00:00+01:00"),
    (serializers.Serializer, "donnez un objet"),
)
KINDS = (
    *(kind for kind, _ in INVALID),
    *(serializers.ChoiceField, serializers.MultipleChoiceField, serializers.ListField, serializers.DictField),
    *(serializers.ListSerializer, serializers.JSONField, serializers.TimeField, serializers.DurationField),
)


def named(field: str, text: str) -> str:
    """« person.email » : donnez …, for a sentence of the framework; what we wrote ourselves stays."""
    for pattern, words in _sentences():
        if match := pattern.fullmatch(text):
            return f"« {field} » : {words.format(**match.groupdict())}."
    return text


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What the framework says, in the language of the portal, with what we say instead."""
    pairs = [(str(ProhibitNullCharactersValidator.message), SAID["surrogate_characters_not_allowed"])]
    for kind in KINDS:
        for parent in kind.__mro__:
            said = parent.__dict__.get("default_error_messages", {})
            pairs += [(str(text), _instead(kind, code)) for code, text in said.items()]
    return tuple(
        (re.compile(PLACE.sub(r"(?P<\1>.*?)", re.escape(text)), re.DOTALL), words) for text, words in pairs
    )


def _instead(kind: type[Field], code: str) -> str:
    if code == "invalid":
        return next((words for parent, words in INVALID if issubclass(kind, parent)), NOT_READ)
    return SAID.get(code, NOT_READ)
