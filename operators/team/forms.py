from django import forms

from cep_portal.messaging import phones
from cep_portal.territories.forms import CommuneField
from operators.network.forms import CapacityForm

NO_PHONE = "Donnez un numéro français à dix chiffres."


class PlaceForm(forms.Form):
    """What the public reads of a place."""

    name = forms.CharField(label="Nom", max_length=120)
    address = forms.CharField(label="Adresse", max_length=200, help_text="Numéro et rue.")
    phone = forms.CharField(
        label="Téléphone", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    is_step_free = forms.BooleanField(label="Accès sans marche", required=False)
    access = forms.CharField(
        label="Comment venir",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Exemple : tram A, arrêt Mairie ; sonnez à l’interphone.",
    )

    def clean_phone(self) -> str:
        """Grouped by two, as people read it."""
        digits = phones.national(self.cleaned_data["phone"])
        if digits is None:
            raise forms.ValidationError(NO_PHONE)
        return " ".join(digits[n : n + 2] for n in range(0, 10, 2))


class SiteForm(CommuneField, PlaceForm):
    field_order = ["name", "commune_text", "commune", "address"]


class InvitationForm(CapacityForm):
    email = forms.EmailField(label="Adresse électronique professionnelle")
    first_name = forms.CharField(label="Prénom", max_length=100)
    last_name = forms.CharField(label="Nom", max_length=100)
    site = forms.ModelChoiceField(queryset=None, label="Lieu", to_field_name="slug", empty_label=None)
    field_order = ["email", "first_name", "last_name", "site"]

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites


class MoveForm(forms.Form):
    site = forms.ModelChoiceField(queryset=None, label="Lieu", to_field_name="slug", empty_label=None)

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
