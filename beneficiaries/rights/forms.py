from django import forms

from beneficiaries.request.forms import CodeForm

PHONE_SHAPE = r"^\+?[0-9][0-9 .()-]{7,18}$"

__all__ = ["CodeForm", "EmailForm", "IdentityForm"]


class IdentityForm(forms.Form):
    first_name = forms.CharField(
        label="Prénom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Indiquez votre prénom."},
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Indiquez votre nom."},
    )
    phone = forms.RegexField(
        label="Téléphone",
        help_text="Seulement si vous acceptez d’être appelé.",
        regex=PHONE_SHAPE,
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": "Ce numéro est incomplet. Exemple : 06 12 34 56 78."},
    )


class EmailForm(forms.Form):
    email = forms.EmailField(
        label="Nouvelle adresse électronique",
        help_text="Préférez une adresse personnelle.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Indiquez votre nouvelle adresse.",
            "invalid": "Cette adresse est incomplète. Exemple : prenom.nom@exemple.fr.",
        },
    )
