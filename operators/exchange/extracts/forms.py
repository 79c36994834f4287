from datetime import date
from typing import Any

from django import forms

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from operators.exchange.extracts.enums import ExtractKind, TableFormat
from operators.exchange.extracts.rules import period_is_sane

GRANT, REFUSE = "accorder", "refuser"


class ExtractForm(forms.Form):
    kind = forms.ChoiceField(
        label="Que voulez-vous ?",
        choices=ExtractKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un fichier."},
    )
    starts_on = DayField(label="Du", side=Side.PAST)
    ends_on = DayField(
        label="Au", help_text="Jour compris. Un an au plus, jusqu’à aujourd’hui.", side=Side.PAST
    )
    file_format = forms.ChoiceField(
        label="Format", choices=TableFormat, widget=forms.RadioSelect, initial=TableFormat.XLSX
    )
    purpose = forms.CharField(
        label="Pour quoi faire ?",
        help_text="Une ou deux phrases, sans nommer personne : qui décide les lit.",
        max_length=500,
        min_length=15,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Dites ce que vous ferez du fichier.",
            "min_length": "Dites-en un peu plus : ce que vous ferez du fichier.",
        },
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and not period_is_sane(starts_on=starts_on, ends_on=ends_on, on=self.on):
            self.add_error("ends_on", "Choisissez une période passée, d’un an au plus.")
        return cleaned


class JudgeForm(forms.Form):
    answer = forms.ChoiceField(
        label="Votre décision",
        choices=[(GRANT, "Accorder"), (REFUSE, "Refuser")],
        widget=forms.RadioSelect,
        error_messages={"required": "Accordez ou refusez."},
    )
    reason = forms.CharField(
        label="Pourquoi refusez-vous ?",
        help_text="Seulement pour refuser : la personne qui a demandé lit cette phrase.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == REFUSE and not cleaned.get("reason"):
            self.add_error("reason", "Un refus dit pourquoi.")
        return cleaned
