from typing import Any, cast

from django import forms
from django.http import QueryDict

from cep_portal.messaging.rules import addresses

DELIVERED, UNDELIVERED = "delivered", "undelivered"


class DeliveryForm(forms.Form):
    """A carrier's call: {"reference" or "id", "state", "reason"}."""

    reference = forms.UUIDField(required=False)
    id = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(choices=[(DELIVERED, DELIVERED), (UNDELIVERED, UNDELIVERED)])
    reason = forms.CharField(required=False, max_length=500)

    def facts(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {
            "reference": clean["reference"],
            "carrier_id": clean["id"],
            "delivered": clean["state"] == DELIVERED,
            "reason": clean["reason"],
        }


EMPLOYER = (
    "Cette adresse ressemble à celle d’un employeur (%(domain)s) : nos messages pourraient y être lus."
    " Donnez une adresse personnelle, ou envoyez de nouveau pour garder celle-ci."
)


class OwnAddressForm(forms.Form):
    """An `email` field that warns once when the address looks like an employer's; sent again, it is kept.

    The templates print the hidden `kept_address`: the second press works without JavaScript.
    """

    kept_address = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        kept, address = clean.pop("kept_address", ""), clean.get("email", "")
        if address and addresses.looks_like_employer(address) and kept != address:
            data = cast("QueryDict", self.data).copy()
            data[self.add_prefix("kept_address")] = address
            self.data = data
            domain = addresses.domain_of(address)
            self.add_error("email", forms.ValidationError(EMPLOYER, "employer", {"domain": domain}))
        return clean
