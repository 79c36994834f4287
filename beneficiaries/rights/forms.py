from django import forms

from beneficiaries.request.forms import CodeForm, NamesForm
from cep_portal.common.contact_fields import AddressField, PhoneField
from cep_portal.common.versions import VersionedForm

__all__ = ["CodeForm", "EmailForm", "IdentityForm"]


class IdentityForm(VersionedForm, NamesForm):
    phone = PhoneField(help_text="Seulement si vous acceptez d’être appelé.")


class EmailForm(forms.Form):
    email = AddressField(
        label="Nouvelle adresse électronique",
        help_text="Préférez une adresse personnelle.",
        error_messages={"required": "Indiquez votre nouvelle adresse."},
    )
