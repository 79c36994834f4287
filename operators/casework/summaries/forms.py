from collections.abc import Iterable
from typing import Any

from django import forms

from cep_portal.common.form_fields import offer
from cep_portal.common.versions import VersionedForm
from operators.casework.pathways.enums import Theme
from operators.casework.summaries import rules


def _text(name: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=rules.HEADINGS[name],
        help_text=hint,
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SummaryForm(VersionedForm):
    """Four headings, each may stay empty; the plan is joined by itself, a theme only when it is ticked."""

    situation = _text("situation", "Ce qui amène la personne, avec ses mots.")
    strengths = _text("strengths", "Ce qu’elle sait faire, ce sur quoi elle s’appuie.")
    project = _text("project", "Ce qu’elle vise, et les autres pistes gardées.")
    advice = _text("advice", "Ce qui l’aide pour la suite. Rien de sa santé : ce document se partage.")
    themes = forms.MultipleChoiceField(
        label="Thèmes des séances à reprendre",
        help_text="Ceux que la personne veut y voir. Ceux à peine saisis sont cochés, sauf la santé.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(theme.value, theme.label) for theme in themes]
        if choices:
            offer(self, "themes", choices)
        else:
            del self.fields["themes"]


class CorrectionForm(forms.Form):
    words = forms.CharField(
        label="Ce qui est à corriger",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites ce qui est à corriger."},
    )


class ShareForm(forms.Form):
    recipient = forms.CharField(
        label="Pour qui est ce lien ?",
        max_length=100,
        error_messages={"required": "Écrivez pour qui : vous vous y retrouverez."},
    )
    days = forms.TypedChoiceField(
        label="Valable combien de temps ?",
        coerce=int,
        choices=[(days, f"{days} jours") for days in rules.SHARE_DAYS],
        widget=forms.RadioSelect,
        initial=rules.SHARE_DAYS[1],
    )
