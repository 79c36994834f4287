import pytest
from django import forms

from cep_portal.messaging.forms import OwnAddressForm
from cep_portal.messaging.rules.addresses import looks_like_employer


@pytest.mark.parametrize(
    "address",
    [
        "lea.martin@gmail.com",
        "Lea.Martin@Orange.FR",
        "lea@laposte.net",
        "lea@hotmail.fr",
        "lea@yahoo.co.uk",
        "lea@wanadoo.re",
        "lea@proton.me",
        "lea+cep@free.fr",
        "lea@privaterelay.appleid.com",
        "lea@personnes.example",
        "",
        "lea",
    ],
)
def test_own_mailbox_is_not_doubted(address):
    assert looks_like_employer(address) is False


@pytest.mark.parametrize(
    "address",
    [
        "lea.martin@dupont-menuiserie.fr",
        "l.martin@ville-rennes.fr",
        "lea@sante.gouv.fr",
        "lea@yahoo.entreprise.com",
        "lea@gmail.com.dupont.fr",
        "contact@orange.fr",
        "RH@gmail.com",
        "compta2@free.fr",
        "accueil+cep@laposte.net",
    ],
)
def test_address_of_a_firm_or_of_a_team_is_doubted(address):
    assert looks_like_employer(address) is True


class Form(OwnAddressForm):
    email = forms.EmailField()


def test_form_warns_once_then_keeps_the_address():
    first = Form({"email": "lea@dupont.fr"})
    assert first.is_valid() is False
    assert first.errors.as_data()["email"][0].code == "employer"

    again = Form({"email": "lea@dupont.fr", "kept_address": first["kept_address"].value()})
    assert again.is_valid() is True
    assert again.cleaned_data == {"email": "lea@dupont.fr"}


def test_form_warns_again_for_another_address():
    form = Form({"email": "lea@autre.fr", "kept_address": "lea@dupont.fr"})

    assert form.is_valid() is False


def test_form_says_nothing_of_an_own_mailbox():
    form = Form({"email": "lea@orange.fr"})

    assert form.is_valid() is True
    assert form.cleaned_data == {"email": "lea@orange.fr"}
