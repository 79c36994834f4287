from typing import Any

from django import forms

from beneficiaries.request.enums import ContactHours
from cep_portal.common.contact_fields import PhoneField
from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.form_fields import offer
from operators.booking.agenda.presenters.slot_search import LEVEL_LABELS, LEVELS, MODE_LABELS, MODES
from operators.booking.demand.enums import DemandWay, GiveUpReason, WishedHours
from operators.network.models import Site

HERE, ANYWHERE = "ici", "partout"


class NothingFitsForm(forms.Form):
    """What the person looks for, then one of three ways; the telephone is wanted for a call only."""

    level = forms.ChoiceField(
        label="Pour",
        choices=[(LEVELS[key].value, text) for key, text in LEVEL_LABELS.items()],
        widget=forms.RadioSelect,
    )
    modes = forms.MultipleChoiceField(
        label="Comment",
        help_text="Plusieurs choix possibles.",
        choices=[(MODES[key].value, text) for key, text in MODE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une façon d’être reçu."},
    )
    hours = forms.MultipleChoiceField(
        label="À quelles heures",
        help_text="Rien de coché : toutes les heures vous vont.",
        choices=WishedHours,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.ChoiceField(label="Où", widget=forms.RadioSelect)
    from_on = DayField(label="Pas avant le", required=False, side=Side.FUTURE)
    name = forms.CharField(
        label="Qui devons-nous demander ?",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Indiquez un nom, ou un prénom."},
    )
    phone = PhoneField(
        help_text="Un numéro où vous répondez sans témoin.",
        error_messages={"required": "Indiquez le numéro où vous appeler."},
    )
    call_hours = forms.ChoiceField(
        label="Quand vous appeler", choices=ContactHours, initial=ContactHours.ANY, required=False
    )

    def __init__(self, *args: Any, way: str, site: Site | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "phone", "call_hours"):
            # Before any button is pressed, the call shows what it will ask.
            self.fields[name].required = way in ("", DemandWay.CALL_BACK)
        if site is None:
            del self.fields["place"]
        else:
            choices = [(HERE, f"{site.name} seulement"), (ANYWHERE, "Dans tous les lieux")]
            offer(self, "place", choices)

    def wishes(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("level", "modes", "hours")}

    def is_anywhere(self) -> bool:
        return self.cleaned_data.get("place") != HERE


class EarlierForm(forms.Form):
    other_adviser = forms.BooleanField(
        label="Un autre conseiller me convient aussi",
        help_text="Sans cette case, seules les places de votre conseiller vous sont proposées.",
        required=False,
    )


class GiveUpForm(forms.Form):
    reason = forms.ChoiceField(
        label="Pourquoi ?",
        choices=[("", "Choisir"), *GiveUpReason.choices],
        error_messages={"required": "Dites pourquoi ce rappel est clos sans suite."},
    )
