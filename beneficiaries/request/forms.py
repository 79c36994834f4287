from django import forms

from beneficiaries.request.rules import REFERENCE_LENGTH, clean_reference

REFERENCE_SHAPE = "Une référence compte 12 lettres ou chiffres, par exemple ABCD-EFGH-JKMN."


class FindForm(forms.Form):
    reference = forms.CharField(
        label="Référence de votre demande",
        help_text="12 lettres ou chiffres, par exemple ABCD-EFGH-JKMN.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Indiquez la référence de votre demande."},
    )

    def clean_reference(self) -> str:
        reference = clean_reference(self.cleaned_data["reference"])
        if len(reference) != REFERENCE_LENGTH:
            raise forms.ValidationError(REFERENCE_SHAPE)
        return reference


class ContactForm(forms.Form):
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
    email = forms.EmailField(
        label="Adresse électronique",
        help_text="Préférez une adresse personnelle.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Indiquez votre adresse électronique.",
            "invalid": "Cette adresse est incomplète. Exemple : prenom.nom@exemple.fr.",
        },
    )
    phone = forms.RegexField(
        label="Téléphone",
        help_text="Seulement si vous acceptez d’être appelé.",
        regex=r"^\+?[0-9][0-9 .()-]{7,18}$",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": "Ce numéro est incomplet. Exemple : 06 12 34 56 78."},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code à six chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Recopiez le code reçu par e-mail."},
    )
