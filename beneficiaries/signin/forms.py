from collections.abc import Sequence
from typing import Any

from django import forms

from beneficiaries.request.forms import NamesForm
from cep_portal.common import emails, phones
from cep_portal.common.contact_fields import AddressInput, PhoneField, check_address
from cep_portal.messaging.gateways import sms

SHAPE = "Donnez une adresse de courriel ou un mobile. Exemples : prenom.nom@exemple.fr, 06 12 34 56 78."
ADDRESS_ONLY = "Donnez votre adresse de courriel. Exemple : prenom.nom@exemple.fr."


class SignInForm(forms.Form):
    """An address or a mobile in one field: the code goes there."""

    contact = forms.CharField(
        label="Votre adresse de courriel ou votre mobile",
        help_text="Celui que vous avez donné pour votre rendez-vous.",
        max_length=254,
        widget=AddressInput(
            attrs={"type": "text", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": SHAPE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sms.is_available():
            self.fields["contact"].label = "Votre adresse de courriel"
            self.fields["contact"].error_messages["required"] = ADDRESS_ONLY

    def clean_contact(self) -> dict[str, str]:
        text = self.cleaned_data["contact"].strip()
        if "@" in text:
            address = emails.cleaned(text)
            check_address(address, self.fields["contact"].widget)
            return {"email": address}
        if not sms.is_available():
            raise forms.ValidationError(ADDRESS_ONLY)
        if not any(sign.isdecimal() for sign in text):
            raise forms.ValidationError(SHAPE)
        number = PhoneField().clean(text)
        if phones.mobile(number) is None:
            raise forms.ValidationError(f"{phones.no_sms(number)} Donnez un mobile français, ou une adresse.")
        return {"phone": number}


class WhoForm(NamesForm):
    """Who is behind a contact that does not say it alone; which file, of who has several."""

    file = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, files: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if files:
            self.fields["file"] = forms.ChoiceField(
                label="Plusieurs dossiers portent votre nom. Lequel ouvrir ?",
                choices=files,
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez un dossier."},
            )
