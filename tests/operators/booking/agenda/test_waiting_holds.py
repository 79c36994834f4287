"""A limit stops the codes, not the appointment: the hold waits until another code may be asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import wait_for_limit
from tests.operators.booking.agenda.road import PERSON, hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_hold_waits_once_for_whom_the_codes_of_an_hour_stopped(client, service_request):
    page = hold(client, service_request).url
    asked_at = timezone.now()
    assert {client.post(page, PERSON).status_code for _ in range(5)} == {302}

    refused = client.post(page, PERSON)

    held = Appointment.objects.get()
    assert "Cinq codes ont déjà été envoyés" in refused.context["form"].non_field_errors()[0]
    assert "à partir de" in refused.context["form"].non_field_errors()[0]
    assert held.hold_expires_at >= asked_at + timedelta(minutes=65)
    client.post(page, PERSON)
    assert Appointment.objects.get().hold_expires_at == held.hold_expires_at


def test_hold_waits_for_whom_the_limit_of_the_page_stopped(client, service_request, throttling):
    page = hold(client, service_request).url
    refused_codes = [client.post(page, PERSON | {"email": f"d{n}@exemple.example"}) for n in range(5)]
    assert {response.status_code for response in refused_codes} == {302}
    before = Appointment.objects.get().hold_expires_at

    from cep_portal.common import throttle

    target = next(iter(Appointment.objects.values_list("uuid", flat=True)))
    for _ in range(10):
        throttle.seconds_to_wait(f"send_code:target:{target}", limit=10, seconds=600)
    stopped = client.post(page, PERSON)

    assert stopped.status_code == 429
    assert Appointment.objects.get().hold_expires_at > before


def test_hold_that_is_over_waits_for_nobody(client, service_request):
    hold(client, service_request)
    held = Appointment.objects.get()
    later = held.hold_expires_at + timedelta(seconds=1)

    assert wait_for_limit(appointment=held, until=later + timedelta(minutes=30), now=later) is False
