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

    assert ("Votre numéro est un fixe" in response.content.decode()) is told
