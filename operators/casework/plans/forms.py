from collections.abc import Iterable
from typing import Any

from django import forms

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.versions import VersionedForm
from cep_portal.common.wording.numbers import plural
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.casework.pathways.enums import Theme
from operators.casework.plans.enums import Actor
from operators.casework.plans.models import ReadyAction

TITLE_MISSING = "Dites en quelques mots ce qui est à faire."


class ObjectiveForm(VersionedForm):
    title = forms.CharField(
        label="Objectif",
        max_length=140,
        error_messages={"required": "Dites en quelques mots ce que la personne veut atteindre."},
    )


class ActionForm(VersionedForm):
    title = forms.CharField(label="Action", max_length=140, error_messages={"required": TITLE_MISSING})
    actor = forms.ChoiceField(
        label="Qui agit ?", choices=Actor.choices, widget=forms.RadioSelect, initial=Actor.PERSON
    )
    due_on = DayField(label="Pour quel jour ?", required=False, side=Side.FUTURE)
    help_text = forms.CharField(
        label="Une aide, si elle sert",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReadyForm(forms.Form):
    """The ready-made actions of one theme, to tick."""

    ready = forms.ModelMultipleChoiceField(
        ReadyAction.objects.none(),
        to_field_name="uuid",
        label="Actions prêtes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une action."},
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ready"]
        field.queryset = offered  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        field.label_from_instance = lambda one: one.title  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "Cette action n’est plus proposée."


def ready_hints(offered: Iterable[ReadyAction]) -> dict[str, str]:
    """What is written under each ready-made action: who acts, the proposed delay, the help."""
    return {str(action.uuid): _hint(action) for action in offered}


def _hint(action: ReadyAction) -> str:
    delay = f"sous {action.days}{NO_BREAK_SPACE}jour{plural(action.days)}"
    said = f"{action.get_actor_display().capitalize()}, {delay}"
    return f"{said}. {action.help_text}" if action.help_text else said


class CommentForm(forms.Form):
    comment = forms.CharField(
        label="Un mot",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez un mot, ou revenez au plan."},
    )


class OccupationForm(forms.Form):
    metier = forms.CharField(
        label="Chercher un métier",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReadyActionForm(forms.Form):
    theme = forms.ChoiceField(label="Thème", choices=Theme)
    title = forms.CharField(label="Action", max_length=140, error_messages={"required": TITLE_MISSING})
    actor = forms.ChoiceField(label="Qui agit ?", choices=Actor, widget=forms.RadioSelect)
    days = forms.IntegerField(label="Délai proposé, en jours", min_value=1, max_value=365, initial=14)
    help_text = forms.CharField(label="Aide", max_length=300, required=False)
