from typing import Any

from django import forms

from beneficiaries.request.forms import ContactForm
from operators.booking.agenda.forms import CodeForm


class PersonForm(ContactForm):
    """The person's own contact, never the partner's: the code goes there, and the words are about them."""

    NO_EMAIL = "Indiquez l’adresse électronique de la personne."
    NO_NUMBER = "Indiquez le numéro où appeler la personne."

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


class SharingCodeForm(CodeForm):
    """The code said aloud is the agreement; whether the partner may know the outcome is asked apart."""

    outcome_agreed = forms.TypedChoiceField(
        label="La personne accepte-t-elle que vous sachiez si elle est venue ?",
        help_text="Seulement « rencontré » ou « non rencontré ». Elle peut changer d’avis à tout moment.",
        choices=[("non", "Non"), ("oui", "Oui")],
        coerce=lambda answer: answer == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": "Posez la question à la personne."},
    )
