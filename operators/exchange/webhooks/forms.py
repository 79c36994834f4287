from datetime import datetime, time

from django import forms
from django.utils import timezone

from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField
from cep_portal.common.versions import VersionedForm
from operators.exchange.webhooks.enums import CHOSEN_KINDS
from operators.exchange.webhooks.errors import UrlRefused
from operators.exchange.webhooks.gateways.addresses import LONGEST, check_url


class SubscriptionForm(VersionedForm):
    url = forms.CharField(
        label="Adresse qui reçoit",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text="Exemple : https://crm.exemple.fr/mon-cep",
        error_messages={"required": "Donnez l’adresse de votre logiciel."},
    )
    kinds = forms.MultipleChoiceField(
        label="Événements",
        choices=CHOSEN_KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un événement."},
    )

    def clean_url(self) -> str:
        try:
            return check_url(self.cleaned_data["url"])
        except UrlRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ReplayForm(forms.Form):
    since = DayField(label="Depuis le", side=Side.PAST)

    def since_instant(self) -> datetime:
        """The first instant of that day, in the zone of the desk."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["since"], time.min))
