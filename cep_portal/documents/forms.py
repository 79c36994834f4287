from django import forms

from cep_portal.documents.rules import CODE_LENGTH, fold_code


class CheckForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Tapez le code imprimé sur le document."},
    )

    def clean_code(self) -> str:
        code = fold_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(f"Le code compte {CODE_LENGTH} lettres et chiffres.")
        return code
