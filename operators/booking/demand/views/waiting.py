from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.request.forms import CodeForm, ContactForm
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.selectors import contact_code_of, request_to_act_on
from beneficiaries.request.services import identify_by_code, prove_request, send_contact_code, write_here
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import throttled
from operators.booking.agenda.presenters.asked import asked_or_404
from operators.booking.demand import selectors, services
from operators.booking.demand.services import Wish
from operators.network.enums import Mode

WISHES_KEY = "waiting_wishes"


def keep_wishes(request: HttpRequest, service_request: ServiceRequest, wishes: dict) -> None:
    """The wishes wait in the session while the person proves an address: nothing is written for nobody."""
    request.session[WISHES_KEY] = {**wishes, "reference": service_request.reference}


def _kept_wishes(request: HttpRequest, reference: str) -> dict | None:
    kept = request.session.get(WISHES_KEY, {})
    return {**kept} if kept.get("reference") == reference else None


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def waiting_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Where do we write when a place frees? An address, proved by a code."""
    service_request = asked_or_404(request, reference)
    wishes = _kept_wishes(request, service_request.reference)
    if wishes is None:
        return redirect("operators:nothing_fits", service_request.reference)
    form = ContactForm(request.POST or None, phone_required=Mode.PHONE in wishes["modes"])
    if request.method == "POST" and form.is_valid():
        try:
            service_request = write_here(
                service_request=service_request,
                session=request.session,
                user=request.user,
                now=timezone.now(),
            )
            keep_wishes(request, service_request, wishes)
            contact_code = send_contact_code(
                service_request=service_request, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:waiting_code", service_request.reference, contact_code.uuid)
    context = {"form": form, "service_request": service_request}
    return render(request, "operators/booking/demand/waiting_contact.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def waiting_code(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Copy the code: the right one gives the last place of the list."""
    service_request = _found(reference)
    contact_code = contact_code_of(service_request=service_request, uuid=code)
    if contact_code is None:
        raise Http404
    wishes = _kept_wishes(request, service_request.reference)
    if wishes is None:
        return redirect("operators:nothing_fits", service_request.reference)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _proved(request, form, contact_code)
        if person is not None:
            return join(request, service_request, person, wishes)
    context = {"form": form, "contact_code": contact_code, "service_request": service_request}
    return render(request, "operators/booking/demand/waiting_code.html", context)


def _found(reference: str) -> ServiceRequest:
    service_request = request_to_act_on(reference)
    if service_request is None:
        raise Http404
    return service_request


def _proved(request: HttpRequest, form: CodeForm, contact_code: ContactCode) -> Beneficiary | None:
    try:
        person = identify_by_code(
            contact_code=contact_code, code=form.cleaned_data["code"], now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return None
    prove_request(session=request.session, service_request=contact_code.service_request)
    return person


def join(
    request: HttpRequest, service_request: ServiceRequest, person: Beneficiary, wishes: dict
) -> HttpResponse:
    request.session.pop(WISHES_KEY, None)
    try:
        entry = services.join_waiting_list(
            service_request=service_request,
            beneficiary=person,
            wish=Wish(
                level=wishes["level"],
                modes=wishes["modes"],
                hours=wishes["hours"],
                site=selectors.site_of_request(service_request=service_request, uuid=wishes["site"]),
                anywhere=wishes["anywhere"],
                from_on=date.fromisoformat(wishes["from_on"]) if wishes["from_on"] else None,
            ),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        place = selectors.place_in_list(entry=entry)
        messages.success(request, f"Vous êtes dans la liste d’attente, à la place {place}.")
    return redirect("operators:nothing_fits", service_request.reference)
