from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.throttle import throttled
from operators.booking.agenda.links import unsign
from operators.booking.demand import selectors, services
from operators.booking.demand.enums import AlertState
from operators.booking.demand.forms import EarlierForm
from operators.booking.demand.models import EarlierAlert


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("earlier", limit=10, seconds=600)
@sent_once
def earlier(request: HttpRequest, signed: str) -> HttpResponse:
    """May I come earlier? Be told when a place frees before this appointment, or no longer."""
    uuid = unsign(signed)
    if uuid is None:
        raise Http404
    booked = selectors.booked_to_come(uuid=uuid, now=timezone.now())
    if booked is None:
        return redirect("operators:appointment", signed)
    alert = selectors.alert_of(appointment=booked)
    # A box left empty sends nothing: the method says whether the form was sent.
    data = request.POST if request.method == "POST" else None
    form = EarlierForm(data, initial={"other_adviser": bool(alert and alert.other_adviser)})
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, booked, form)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("operators:appointment", signed)
    context = {
        "appointment": booked,
        "site": booked.site,
        "signed": signed,
        "form": form,
        "is_active": _is_active(alert),
    }
    return render(request, "operators/booking/demand/earlier.html", context)


def _is_active(alert: EarlierAlert | None) -> bool:
    return alert is not None and alert.state == AlertState.ACTIVE


def _save(request: HttpRequest, booked: Any, form: EarlierForm) -> None:
    now = timezone.now()
    if "arreter" in request.POST:
        services.stop_earlier(appointment=booked, now=now)
        messages.success(request, "Nous ne vous proposons plus de place plus tôt.")
        return
    services.ask_earlier(appointment=booked, now=now, **form.cleaned_data)
    messages.success(request, "C’est noté : nous vous prévenons si une place plus tôt se libère.")
