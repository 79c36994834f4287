from django import forms

from cep_portal.territories.forms import CommuneField


class CoverageForm(CommuneField):
    on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    field_order = ["commune_text", "commune", "on"]


class DayForm(forms.Form):
    """The day alone: the list of holes answers before any commune is asked."""

    on = forms.DateField()
