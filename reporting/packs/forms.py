from typing import Any

from django import forms
from django.utils import timezone

from reporting.kpis.rules.periods import parse_period


class PackForm(forms.Form):
    """The month of the pack, « 2026-10 »."""

    month = forms.CharField(label="Mois", widget=forms.HiddenInput)

    def clean_month(self) -> Any:
        period = parse_period(self.cleaned_data["month"], on=timezone.localdate())
        if period is None or not period.is_month:
            raise forms.ValidationError("Ce mois n’est pas proposé.")
        return period.starts_on
