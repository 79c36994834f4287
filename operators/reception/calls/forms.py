from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation, Urgency
from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.day_fields import DayField, HourField
from cep_portal.territories.forms import CommuneField
from operators.booking.agenda.enums import CancelledBy, CancelReason
from operators.booking.agenda.presenters.slot_search import (
    HOURS_LABELS,
    LEVEL_LABELS,
    LEVELS,
    MODE_LABELS,
    MODES,
)
from operators.network.enums import ServiceLevel
from operators.reception.calls.enums import RequestEndReason

OTHER_PERSON = "autre"


_REASONS = [
    (cancel_reason.value, cancel_reason.label.capitalize())
    for cancel_reason in CancelReason
    if cancel_reason != CancelReason.MOVED
]


class CallForm(CommuneField):
    """What one asks on the line before looking for a slot; the key makes a double click one request."""

    commune_basis = forms.ChoiceField(
        label="La personne y habite ? Elle y travaille ?",
        choices=[(CommuneBasis.HOME, "Elle y habite"), (CommuneBasis.WORK, "Elle y travaille")],
    )
    situation = forms.ChoiceField(
        label="Situation",
        choices=[("", "Choisir"), *Situation.choices],
        error_messages={"required": "Choisissez la situation."},
    )
    needs = forms.MultipleChoiceField(
        label="Ce qui amène la personne",
        choices=Need,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un besoin."},
    )
    urgency = forms.ChoiceField(label="Une date approche ?", choices=Urgency)
    access_needs = forms.MultipleChoiceField(
        label="Accueil à prévoir", choices=AccessNeed, widget=forms.CheckboxSelectMultiple, required=False
    )
    niveau = forms.ChoiceField(label="Pour", choices=list(LEVEL_LABELS.items()))
    modalite = forms.ChoiceField(label="Comment", choices=list(MODE_LABELS.items()))
    heures = forms.ChoiceField(label="Heures", choices=list(HOURS_LABELS.items()), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def facts(self) -> dict:
        """What the request keeps."""
        names = ("commune", "commune_basis", "situation", "needs", "urgency", "access_needs", "key")
        return {name: self.cleaned_data[name] for name in names}

    def search(self) -> dict[str, str]:
        """What the week of slots is opened with."""
        asked = {name: self.cleaned_data[name] for name in ("niveau", "modalite", "heures")}
        return {name: value for name, value in asked.items() if value}


class HourForm(forms.Form):
    """What the address of an hour says: whose, which local day, which clock hour of their site."""

    qui = forms.UUIDField()
    jour = DayField(first=date(2000, 1, 10), last=date(2199, 12, 20))
    heure = HourField()


class ReceivedForm(forms.Form):
    """Who is received at an hour, at which level and how; as the last time when nothing is said."""

    niveau = forms.ChoiceField(label="Pour", required=False)
    modalite = forms.ChoiceField(label="Comment", required=False)
    personne = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, levels: Collection[str], modes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["niveau"].choices = _offered(LEVELS, LEVEL_LABELS, levels)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["modalite"].choices = _offered(MODES, MODE_LABELS, modes)  # type: ignore[attr-defined]  # a ChoiceField


def _offered(words: Mapping[str, str], labels: dict[str, str], offered: Collection[str]) -> list:
    choices = [(word, labels[word]) for word, value in words.items() if value in offered]
    return choices if len(choices) == 1 else [("", "Comme la dernière fois"), *choices]


class AgreementForm(forms.Form):
    """The person agrees aloud; the key makes a double click one booking."""

    agreed = forms.BooleanField(
        label="La personne est d’accord : ce rendez-vous est pris à son nom et lui est confirmé par message.",
        error_messages={"required": "Demandez à la personne si elle est d’accord, puis cochez la case."},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class CallerForm(AgreementForm):
    first_name = forms.CharField(
        label="Prénom", max_length=100, error_messages={"required": "Indiquez le prénom."}
    )
    last_name = forms.CharField(label="Nom", max_length=100, error_messages={"required": "Indiquez le nom."})
    phone = PhoneField(
        help_text="Un mobile reçoit la confirmation par SMS.",
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "Indiquez le numéro où appeler la personne."},
    )
    email = AddressField(required=False, autocomplete="")
    person = forms.CharField(
        label="Est-ce l’une de ces personnes ?",
        help_text="Demandez-le sans rien lire à voix haute.",
        widget=forms.RadioSelect,
        required=False,
    )

    field_order = ("person", "first_name", "last_name", "phone", "email", "agreed", "key")

    def __init__(self, *args: Any, phone_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = phone_required

    def offer(self, people: list[tuple[str, str]]) -> None:
        """The people the caller may be; « une autre personne » is an answer too."""
        self.fields["person"].widget.choices = [*people, (OTHER_PERSON, "Non, c’est une autre personne")]

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["phone"] and not cleaned["email"]:
            self.add_error("phone", "Indiquez un téléphone ou une adresse : la confirmation y est envoyée.")
        return cleaned

    def ask_who(self) -> None:
        self.add_error("person", "Quelqu’un est déjà connu à ce nom : demandez à la personne si c’est elle.")

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email", "phone")}


class CallerSearchForm(forms.Form):
    recherche = forms.CharField(label="Nom, téléphone, adresse électronique ou référence", max_length=80)


class RequestFilterForm(forms.Form):
    """What the address of the queue says; anything else is the whole queue."""

    qui = forms.ChoiceField(choices=[(word, word) for word in ("libres", "moi", "closes")], required=False)
    retard = forms.BooleanField(required=False)
    accueil = forms.BooleanField(required=False)


class RequestEndForm(forms.Form):
    reason = forms.ChoiceField(choices=RequestEndReason)


class LevelForm(forms.Form):
    """The other level of an appointment, pressed in a pathway's file or on the person's page."""

    level = forms.ChoiceField(choices=ServiceLevel)
    parcours = forms.UUIDField(required=False)


class CancelForm(forms.Form):
    by = forms.ChoiceField(
        label="Qui annule ?",
        choices=[(CancelledBy.PERSON, "La personne, qui appelle"), (CancelledBy.OPERATOR, "Le service")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui annule."},
    )
    reason = forms.ChoiceField(
        label="Motif",
        choices=[("", "Sans motif"), *_REASONS],
        required=False,
    )
