"""Before the code: an address that an employer may read, a number that no SMS reaches. Neither blocks."""

import pytest

from beneficiaries.request.models import ContactCode
from tests.operators.booking.agenda.road import PERSON, hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
AT_WORK = PERSON | {"email": "d.durand@dupont-menuiserie.fr"}


def test_address_at_work_is_warned_once_then_kept(client, service_request):
    page = hold(client, service_request).url

    warned = client.post(page, AT_WORK)
    text = warned.content.decode()
    assert "ressemble à celle d’un employeur (dupont-menuiserie.fr)" in text
    assert '<input type="hidden" name="kept_address" value="d.durand@dupont-menuiserie.fr"' in text
    assert ContactCode.objects.count() == 0

    kept = client.post(page, AT_WORK | {"kept_address": AT_WORK["email"]})
    assert kept.status_code == 302
    assert ContactCode.objects.get().email == AT_WORK["email"]


def test_own_address_is_not_doubted(client, service_request):
    response = client.post(hold(client, service_request).url, PERSON | {"email": "d.durand@orange.fr"})

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("phone", "told"), [("02 61 91 00 00", True), ("06 12 34 56 78", False), ("", False)]
)
def test_landline_is_told_at_entry_rdvi_561(client, service_request, phone, told):
    response = client.post(hold(client, service_request).url, PERSON | {"phone": phone}, follow=True)

    assert ("C’est un numéro fixe" in response.content.decode()) is told


@pytest.mark.parametrize("typed", ["0612345678", "+33612345678", "٠٦١٢٣٤٥٦٧٨"])
def test_number_is_shown_back_in_pairs_with_a_way_to_mend_it(client, service_request, typed):
    page = hold(client, service_request).url

    response = client.post(page, PERSON | {"phone": typed}, follow=True)

    text = " ".join(response.content.decode().replace("\xa0", " ").split())
    assert 'joint au <strong class="nowrap">06 12 34 56 78</strong>. Un chiffre est faux ?' in text
    assert f'<a href="{page}">Corrigez-le</a>' in text
    assert ContactCode.objects.get().phone == "06 12 34 56 78"


def test_likely_error_is_asked_about_before_the_employer(client, service_request):
    page = hold(client, service_request).url
    typed = PERSON | {"email": "d.durand@gmial.com", "phone": "0612345678"}

    asked = client.post(page, typed)
    assert asked.context["form"].errors == {"email": ["Vouliez-vous dire d.durand@gmail.com\xa0?"]}
    text = asked.content.decode()
    assert 'value="d.durand@gmial.com"' in text
    assert 'name="phone" value="06 12 34 56 78"' in text
    assert not ContactCode.objects.exists()

    kept = client.post(page, typed | {"email_choice": "d.durand@gmial.com"})
    assert "ressemble à celle d’un employeur (gmial.com)" in kept.content.decode()
    assert '<input type="hidden" name="email_choice" value="d.durand@gmial.com">' in kept.content.decode()

    taken = client.post(page, typed | {"email_choice": "d.durand@gmail.com"})
    assert taken.status_code == 302
    assert ContactCode.objects.get().email == "d.durand@gmail.com"
