from django import forms

from operators.exchange.software.enums import Scope


class ClientForm(forms.Form):
    name = forms.CharField(
        label="Nom du logiciel", max_length=80, error_messages={"required": "Donnez un nom au logiciel."}
    )
    scopes = forms.MultipleChoiceField(
        label="Ce qu’il peut faire",
        choices=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un droit."},
    )
