from typing import Any

from django import forms

from operators.exchange.deliveries.errors import FileRefused
from operators.exchange.deliveries.rules.reading import format_of


class DeliveryForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="CSV, XLSX ou JSON, 80 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.json"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide : il n’y a rien à lire.",
        },
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        try:
            format_of(sent.name)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return sent
