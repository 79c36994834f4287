"""Views that only benches call: the floors, and the portal's services without their pages."""

import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from beneficiaries.request.selectors import request_by_reference
from cep_portal.common.access import public
from cep_portal.common.compiled import Ask, Compiled
from cep_portal.territories.models import Commune
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import slot_times
from operators.booking.agenda.services import WantedSlot
from operators.booking.agenda.services.bookings import confirm_hold
from operators.booking.agenda.services.holds import hold_slot
from operators.network.models import Site
from procurement.contracts.models import Contract

SITE = Compiled(lambda: Site.objects.select_related("contract", "commune").filter(pk=Ask("key")))
PAGE = engines["django"].from_string(
    "<!doctype html><title>31</title><table>{% for row in rows %}"
    "<tr><th>{{ row.code }}</th><td>{{ row.name }}</td><td>{{ row.population|number }}</td></tr>"
    "{% endfor %}</table>"
)


@public
def one_query(request: HttpRequest) -> HttpResponse:
    """The one-query view: 31 rows of an indexed table in a bare template, the full middleware around."""
    rows = Commune.objects.filter(department="35").order_by("-population", "pk")[:31]
    return HttpResponse(PAGE.render({"rows": rows}, request))


@public
@csrf_exempt
def one_transaction(request: HttpRequest, row: int) -> JsonResponse:
    """The floor of a booking: lock a row, update it, insert another, commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT hits FROM bench_row WHERE id = %s FOR UPDATE", [row])
        cursor.execute("UPDATE bench_row SET hits = hits + 1 WHERE id = %s", [row])
        cursor.execute("INSERT INTO bench_log (row_id, at) VALUES (%s, now())", [row])
    return JsonResponse({"done": True})


@public
def slots(request: HttpRequest, contract: int, weeks: int) -> JsonResponse:
    """The hours of a whole contract, each at the best place that has it: what the slot page lists."""
    now = timezone.now()
    sites = Site.objects.filter(contract=contract, is_open=True).order_by("pk").values_list("pk", flat=True)
    found = slot_times(
        contract=Contract.objects.get(pk=contract),
        starts=now,
        ends=now + timedelta(weeks=weeks),
        now=now,
        sites=list(sites),
    )
    return JsonResponse({"count": len(found)})


@public
@csrf_exempt
def book(request: HttpRequest) -> JsonResponse:
    """One booking as a channel makes it: hold the slot, confirm it for a known person; 409 when it is taken.

    The request and the place are read as its pages read them. With a `key`, sent again after a lost answer,
    it is the same booking.
    """
    now = timezone.now()
    asked = request_by_reference(request.POST["reference"])
    (site,) = SITE(key=int(request.POST["site"]))
    key = uuid.UUID(request.POST["key"]) if "key" in request.POST else uuid.uuid4()
    if "key" in request.POST and (known := Appointment.objects.filter(idempotency_key=key).first()):
        return JsonResponse({"booked": str(known.uuid)})
    try:
        hold = hold_slot(
            service_request=asked,
            contract=asked.contract,
            wanted=WantedSlot(
                site=site,
                starts_at=datetime.fromisoformat(request.POST["starts_at"]),
                level="ONE",
                mode="PHONE",
            ),
            now=now,
        )
        booked = confirm_hold(appointment=hold, beneficiary=asked.beneficiary, idempotency_key=key, now=now)
    except SlotTaken as refusal:
        return JsonResponse({"code": refusal.code}, status=409)
    return JsonResponse({"booked": str(booked.uuid)})
