from django import forms

from beneficiaries.request.forms import ContactForm
from operators.agenda.forms import CodeForm


class PersonForm(ContactForm):
    """The person's own contact, never the partner's: the code goes there."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["find_past"]  # nobody beside the person learns of an older file


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
