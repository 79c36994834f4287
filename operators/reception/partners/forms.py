from typing import Any, cast

from django import forms
from django.http import QueryDict

from beneficiaries.request.forms import ContactForm
from cep_portal.messaging.enums import MessageChannel
from operators.reception.partners.rules import Doubt


class PersonForm(ContactForm):
    """The person's own contact, never the partner's: the code goes there, and the words are about them."""

    NO_EMAIL = "Indiquez l’adresse électronique de la personne."
    NO_NUMBER = "Indiquez le numéro où appeler la personne."
    QUESTION = ("is_theirs", "asked_about")

    is_theirs = forms.BooleanField(
        label="J’ai demandé à la personne : elle seule lit les messages reçus à ce contact",
        required=False,
        widget=forms.HiddenInput,
    )
    asked_about = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["find_past"]  # nobody beside the person learns of an older file
        self.fields["first_name"].error_messages["required"] = "Indiquez le prénom."
        self.fields["last_name"].error_messages["required"] = "Indiquez le nom."
        self.fields["email"].help_text = "Pour un code par courriel. De préférence une adresse personnelle."
        if self.phone_required:
            self.fields["phone"].help_text = "Le conseiller appelle la personne à ce numéro."
        else:
            self.fields["phone"].help_text = "Pour un code par SMS, ou si la personne accepte un appel."
        if "channel" in self.fields:
            self.fields["channel"].label = "Où envoyer le code ?"

    def names_and_contact(self) -> dict[str, str]:
        """Who, and where the code would go."""
        clean = self.cleaned_data
        by_sms = clean["channel"] == MessageChannel.SMS
        contact = {"email": "", "phone": clean["phone"]} if by_sms else {"email": clean["email"], "phone": ""}
        return {"first_name": clean["first_name"], "last_name": clean["last_name"], **contact}

    def contact(self) -> dict[str, Any]:
        """What the code will confirm."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.QUESTION}

    def is_checked(self) -> bool:
        """Whether the question was answered yes, about this very contact."""
        clean, about = self.cleaned_data, self.names_and_contact()
        return clean["is_theirs"] and clean["asked_about"] == (about["email"] or about["phone"])

    def ask_whose(self, doubt: Doubt) -> None:
        """Show the question under the contact; asked again when the contact changes."""
        about = self.names_and_contact()
        field, contact = ("email", about["email"]) if about["email"] else ("phone", about["phone"])
        self.add_error(field, doubt.text)
        if doubt.may_be_kept:
            data = cast("QueryDict", self.data).copy()
            data["asked_about"] = contact
            data.pop("is_theirs", None)
            self.data = data
            self.fields["is_theirs"].widget = forms.CheckboxInput()
