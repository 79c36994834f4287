from typing import Any

from django import forms

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
