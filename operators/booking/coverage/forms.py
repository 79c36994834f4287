from django import forms

from beneficiaries.request.enums import Situation
from cep_portal.common.day_fields import DayField
from cep_portal.territories.forms import CommuneField


class CoverageForm(CommuneField):
    on = DayField(label="Date")
    situation = forms.ChoiceField(
        label="Situation", choices=[("", "Toutes"), *Situation.choices], required=False
    )

    field_order = ["commune_text", "commune", "on", "situation"]


class DayForm(forms.Form):
    """The day alone: the lists of holes answer before any commune is asked."""

    on = DayField()
