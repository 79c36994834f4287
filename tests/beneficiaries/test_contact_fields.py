"""Only the fields of the chosen channel: marked for the style sheet, and alone in what is kept."""

from pathlib import Path

import pytest
from django.urls import reverse

from beneficiaries.request.forms import ContactForm
from beneficiaries.request.models import ContactCode
from tests.factories.beneficiaries import ServiceRequestFactory

pytestmark = pytest.mark.django_db
NAMES = {"first_name": "Lou", "last_name": "Le Goff"}
STYLES = Path(__file__).parents[2] / "static/css/portal.css"


def test_fields_stand_beside_the_channel_that_shows_them(client):
    request = ServiceRequestFactory()

    page = client.get(reverse("beneficiaries:request_contact", args=[request.reference])).text

    block = page[page.index('class="by-channel"') :]
    assert block.index('name="channel"') < block.index('class="for-email"') < block.index('class="for-phone')
    assert "script" not in block[: block.index("</form>")]


def test_style_sheet_hides_the_fields_of_the_other_channel():
    rules = STYLES.read_text()

    for channel in ("EMAIL", "SMS", "PHONE", "POST"):
        assert f'.by-channel:has([name="channel"][value="{channel}"]:checked)' in rules


def test_address_left_in_the_other_channel_neither_blocks_nor_is_kept(client):
    request = ServiceRequestFactory()

    answer = client.post(
        reverse("beneficiaries:request_contact", args=[request.reference]),
        {**NAMES, "channel": "SMS", "email": "incomplet@", "phone": "06 39 98 00 01"},
    )

    assert answer.status_code == 302
    assert ContactCode.objects.get().email == ""


def test_number_of_a_telephone_appointment_is_asked_whatever_the_channel():
    form = ContactForm({**NAMES, "channel": "EMAIL", "email": "lou@exemple.example"}, phone_required=True)

    assert not form.is_valid()
    assert list(form.errors) == ["phone"]
