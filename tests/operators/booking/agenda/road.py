"""The person’s road in a browser: slots, hold, name, code."""

import re
import uuid

from django.urls import reverse

from cep_portal.messaging.models import Message
from operators.booking.agenda.links import sign
from operators.booking.agenda.presenters.slot_search import slot_value
from tests.operators.booking.agenda.clock import at

NINE = at("2026-11-30 09:00")
PERSON = {
    "first_name": "Dominique",
    "last_name": "Durand",
    "email": "dominique@exemple.example",
    "phone": "06 39 98 00 00",
}


def slots_page(service_request, **query):
    return reverse("operators:slot_list", args=[service_request.reference], query=query or None)


def slots_of(response):
    return [
        (day["label"], [slot["label"].replace("\xa0", " ") for slot in day["slots"]])
        for day in response.context["days"]
    ]


def hold(client, service_request, starts_at=NINE):
    """Press the button of a slot; returns the address of the page where the person gives a name."""
    value = slot_value(starts_at, service_request.contract.sites.first().slug)
    return client.post(slots_page(service_request), {"creneau": value})


def give_name(client, service_request):
    """Hold, give contact details; returns the address of the code page and the code that was sent."""
    response = client.post(hold(client, service_request).url, PERSON)
    body = Message.objects.get(key__startswith="contact-code").body
    return response.url, re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)


def book(client, service_request):
    code_page, code = give_name(client, service_request)
    return client.post(code_page, {"code": code, "key": uuid.uuid4()})


def page_of(appointment, name="appointment"):
    return reverse(f"operators:{name}", args=[sign(appointment.uuid)])
