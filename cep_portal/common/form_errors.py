"""What every form says of a wrong answer: the field, then what is expected; no sentence of a framework.

A form that has its own words keeps them. In a message `{name}` is the label of the field, in quotes, and
`{example}` a day as one types it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.renderers import TemplatesSetting

from cep_portal.common import day_fields

STALE = "Une réponse de cette page manque ou n’est plus valable. Rechargez la page, puis recommencez."
LIST = "{name} : choisissez une réponse de la liste."
OTHER = "{name} : cette réponse ne se lit pas. Corrigez-la."
FILE = "{name} : choisissez un fichier."

# The questions of allauth, in the words of the portal.
SIGN_IN_LABELS = {
    "login": "Adresse électronique",
    "email": "Adresse électronique",
    "oldpassword": "Mot de passe actuel",
    "password": "Mot de passe",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
    "code": "Code à six chiffres",
}
# By widget, the first that fits.
REQUIRED: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "{name} : cochez au moins une réponse."),
    (forms.RadioSelect, "{name} : choisissez une réponse."),
    (forms.Select, LIST),
    (forms.CheckboxInput, "{name} : cochez la case."),
    (forms.FileInput, FILE),
    (forms.Widget, "{name} : réponse obligatoire."),
)
# By field, the first that fits.
INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "{name} : écrivez une adresse complète, par exemple nom@exemple.fr."),
    (forms.URLField, "{name} : écrivez une adresse complète, par exemple https://exemple.fr."),
    (forms.DecimalField, "{name} : écrivez un nombre, par exemple 12,5."),
    (forms.FloatField, "{name} : écrivez un nombre, par exemple 12,5."),
    (forms.IntegerField, "{name} : écrivez un nombre entier, par exemple 12."),
    (forms.FileField, FILE),
)
BY_CODE = {
    "max_length": "{name} : %(limit_value)d caractères au plus, vous en avez %(show_value)d.",
    "min_length": "{name} : %(limit_value)d caractères au moins, vous en avez %(show_value)d.",
    "min_value": "{name} : au moins %(limit_value)s.",
    "max_value": "{name} : au plus %(limit_value)s.",
    "step_size": "{name} : un multiple de %(limit_value)s.",
    "max_digits": "{name} : %(max)s chiffres au plus.",
    "max_decimal_places": "{name} : %(max)s chiffres au plus après la virgule.",
    "max_whole_digits": "{name} : %(max)s chiffres au plus avant la virgule.",
    "null_characters_not_allowed": "{name} : un signe de ce texte ne se lit pas. Retapez-le.",
    "invalid_choice": LIST,
    "invalid_list": LIST,
    "invalid_pk_value": LIST,
    "missing": FILE,
    "empty": "{name} : ce fichier est vide. Choisissez-en un autre.",
    "invalid_image": "{name} : ce fichier n’est pas une image.",
    "invalid_extension": "{name} : les fichiers « %(extension)s » ne sont pas admis.",
}
OF_FILES = {"max_length": "{name} : le nom du fichier a %(length)d caractères, %(max)d au plus."}
# What the validators say, when no field has words for it.
OF_VALIDATORS = (
    "max_length",
    "min_length",
    "min_value",
    "max_value",
    "step_size",
    "max_digits",
    "max_decimal_places",
    "max_whole_digits",
    "null_characters_not_allowed",
    "invalid_extension",
)


class NamedBoundField(forms.BoundField):
    """Made before its field is judged: from then on the field speaks of itself by its label."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        if type(form).__module__.startswith("allauth."):
            field.label = SIGN_IN_LABELS.get(name, field.label)
        super().__init__(form, field, name)
        field.error_messages = messages(field)
        if isinstance(field, forms.ModelChoiceField):
            unread = field.error_messages["null_characters_not_allowed"]
            field.validate_no_null_characters = ProhibitNullCharactersValidator(message=unread)  # type: ignore[method-assign]  # of Django


class PortalRenderer(TemplatesSetting):
    """The FORM_RENDERER: the fields of every form, those of allauth too, name themselves."""

    bound_field_class = NamedBoundField


def messages(field: forms.Field) -> dict[str, Any]:
    """The messages of a field: its own, and ours where a framework would speak."""
    usual = _usual(type(field))
    said: dict[str, Any] = {code: _ours(field, code) for code in OF_VALIDATORS}
    if isinstance(field, forms.EmailField):
        said["invalid"] = _ours(field, "invalid")
    for code, message in field.error_messages.items():
        said[code] = _ours(field, code) if message is usual.get(code) else message
    return {code: _named(field, message) for code, message in said.items()}


def _usual(kind: type) -> Mapping[str, Any]:
    """What the classes of the framework say, the nearest last."""
    said: dict[str, Any] = {}
    for parent in reversed(kind.__mro__):
        if parent.__module__.startswith(("django.", "allauth.")):
            said.update(parent.__dict__.get("default_error_messages", {}))
    return said


def _ours(field: forms.Field, code: str) -> str:
    if field.label is None or field.widget.is_hidden:
        return STALE
    if code == "required":
        return next(words for kind, words in REQUIRED if isinstance(field.widget, kind))
    if code == "invalid":
        return next((words for kind, words in INVALID if isinstance(field, kind)), OTHER)
    if code in OF_FILES and isinstance(field, forms.FileField):
        return OF_FILES[code]
    return BY_CODE.get(code, OTHER)


def _named(field: forms.Field, message: Any) -> Any:
    if not isinstance(message, str) or "{name}" not in message:
        return message
    if field.label is None:
        return STALE
    label = f"« {str(field.label).strip()} »"
    label = label.replace("%", "%%") if "%(" in message else label
    return message.replace("{name}", label).replace("{example}", day_fields.example())
