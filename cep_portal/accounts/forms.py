from django import forms

from cep_portal.accounts.enums import Role
from cep_portal.accounts.hooks import region_names
from cep_portal.accounts.models import Organisation
from cep_portal.common.contact_fields import AddressField
from cep_portal.common.dates_typed import Side
from cep_portal.common.day_fields import DayField


def _region_choices() -> list[tuple[str, str]]:
    return [("", "—"), *region_names().items()]


NEW_ACCOUNT = "Si la personne n’a pas de compte. Elle choisira son mot de passe par « Mot de passe oublié »."


class SwitchForm(forms.Form):
    mandate = forms.UUIDField()


class EndSessionForm(forms.Form):
    """One browser, or every other one when none is named."""

    session = forms.UUIDField(required=False)


class MandateForm(forms.Form):
    email = AddressField(label="Adresse électronique de la personne", autocomplete="")
    first_name = forms.CharField(
        label="Prénom (pour ouvrir un compte)", required=False, max_length=100, help_text=NEW_ACCOUNT
    )
    last_name = forms.CharField(label="Nom (pour ouvrir un compte)", required=False, max_length=100)
    role = forms.ChoiceField(
        label="Rôle",
        choices=[(role.value, role.label) for role in Role if role in Role.agents],
    )
    organisation = forms.ModelChoiceField(
        label="Organisme (opérateur ou partenaire)",
        queryset=Organisation.objects.order_by("name", "pk"),
        required=False,
    )
    region_code = forms.TypedChoiceField(
        label="Région (membre du CREFOP)", required=False, empty_value=None, choices=_region_choices
    )
    starts_on = DayField(label="Début")
    ends_on = DayField(label="Fin", required=False, side=Side.FUTURE)
