from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.rules import holds_request
from beneficiaries.request.services import write_here
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_day
from operators.booking.agenda.hooks import WayOut, ways_out
from operators.booking.agenda.presenters.asked import asked_or_404
from operators.booking.agenda.presenters.slot_search import LEVELS, MODES, SlotSearch
from operators.booking.agenda.presenters.slot_week import near_places
from operators.booking.demand import presenters, selectors, services
from operators.booking.demand.enums import DemandWay, WishedHours
from operators.booking.demand.forms import ANYWHERE, HERE, NothingFitsForm
from operators.booking.demand.services import Wish
from operators.booking.demand.views.waiting import join, keep_wishes
from operators.network.models import Site

HOURS = {
    "avant-9-h": WishedHours.BEFORE_9,
    "midi": WishedHours.LUNCH,
    "apres-18-h": WishedHours.AFTER_18,
    "samedi": WishedHours.SATURDAY,
}
TOLD_KEY = "unmet_told"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("nothing_fits", limit=10, seconds=600)
@sent_once
def nothing_fits(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing fits: what do I do? Be called on a day said now, be told of a place that frees, or call."""
    service_request = asked_or_404(request, reference)
    search = SlotSearch.read(request.GET)
    places = near_places(service_request, search)
    chosen = search.site(places)
    site = chosen.site if chosen else next((site.site for site in places), None)
    way = request.POST.get("voie", "")
    initial = _initial(request, service_request, search, is_anywhere=chosen is None)
    form = NothingFitsForm(request.POST or None, way=way, site=site, initial=initial)
    if request.method == "POST" and way in DemandWay.values and form.is_valid():
        response = _act(request, service_request, site, form, way)
        if response is not None:
            return response
    return render(
        request,
        "operators/booking/demand/nothing_fits.html",
        {"form": form, **_context(request, service_request, site, search, now=timezone.now())},
    )


def is_holder(request: HttpRequest, service_request: ServiceRequest) -> bool:
    return holds_request(service_request, user=request.user, session=request.session)


def _initial(
    request: HttpRequest, service_request: ServiceRequest, search: SlotSearch, *, is_anywhere: bool
) -> dict:
    person = service_request.beneficiary if is_holder(request, service_request) else None
    return {
        "level": LEVELS[search.level].value,
        "modes": [MODES[search.mode].value],
        "hours": [HOURS[search.hours].value] if search.hours in HOURS else [],
        "place": ANYWHERE if is_anywhere else HERE,
        "name": person.full_name if person else "",
        "phone": person.phone if person else "",
    }


def _context(
    request: HttpRequest,
    service_request: ServiceRequest,
    site: Site | None,
    search: SlotSearch,
    *,
    now: datetime,
) -> dict:
    entry = selectors.entry_waiting(service_request=service_request)
    call_back = selectors.call_back_due(service_request=service_request)
    holder = is_holder(request, service_request)
    return {
        "service_request": service_request,
        "site": site,
        "search_url": search.url(),
        "ways_out": _other_ways(service_request, search, now=now),
        "promised_on": selectors.promised_on(service_request=service_request, now=now),
        "call_back": call_back,
        "promise": presenters.promise_notice(call_back, now=now) if call_back else None,
        "entry": entry if holder else None,
        "place": selectors.place_in_list(entry=entry) if entry and holder else None,
        "is_holder": holder,
        "is_known": holder and service_request.beneficiary is not None,
    }


def _other_ways(service_request: ServiceRequest, search: SlotSearch, *, now: datetime) -> list[WayOut]:
    """The ways out of the slot page, but this page itself."""
    own = reverse("operators:nothing_fits", args=[service_request.reference])
    ways = ways_out(service_request=service_request, query=search.url(), now=now)
    return [way for way in ways if not way.url.startswith(own)]


def _act(
    request: HttpRequest,
    service_request: ServiceRequest,
    site: Site | None,
    form: NothingFitsForm,
    way: str,
) -> HttpResponse | None:
    try:
        if way == DemandWay.CALL_BACK:
            service_request = _write(request, service_request)
            _call_back(request, service_request, site, form)
        elif way == DemandWay.TOLD:
            _told(request, service_request, form)
        else:
            return _wait(request, service_request, site, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    return redirect("operators:nothing_fits", service_request.reference)


def _write(request: HttpRequest, service_request: ServiceRequest) -> ServiceRequest:
    return write_here(
        service_request=service_request, session=request.session, user=request.user, now=timezone.now()
    )


def _call_back(
    request: HttpRequest, service_request: ServiceRequest, site: Site | None, form: NothingFitsForm
) -> None:
    clean = form.cleaned_data
    call_back = services.ask_call_back(
        service_request=service_request,
        name=clean["name"],
        phone=clean["phone"],
        call_hours=clean["call_hours"] or "ANY",
        wish=Wish(site=site, **form.wishes()),
        now=timezone.now(),
    )
    messages.success(request, f"C’est noté : nous vous appelons le {long_day(call_back.promised_on)}.")


def _told(request: HttpRequest, service_request: ServiceRequest, form: NothingFitsForm) -> None:
    """Said once by a browser for a request: saying it again counts no more people."""
    told = request.session.get(TOLD_KEY, [])
    if service_request.reference not in told:
        services.record_unmet(service_request=service_request, now=timezone.now(), **form.wishes())
        request.session[TOLD_KEY] = [*told, service_request.reference]
    messages.success(request, "Merci. Ce qui manque est compté, sans votre nom, pour ouvrir d’autres heures.")


def _wait(
    request: HttpRequest, service_request: ServiceRequest, site: Site | None, form: NothingFitsForm
) -> HttpResponse:
    wishes = {
        **form.wishes(),
        "site": str(site.uuid) if site else None,
        "anywhere": form.is_anywhere(),
        "from_on": form.cleaned_data["from_on"].isoformat() if form.cleaned_data["from_on"] else None,
    }
    person = service_request.beneficiary
    if person is not None and is_holder(request, service_request):
        service_request = _write(request, service_request)
        return join(request, service_request, person, wishes)
    keep_wishes(request, service_request, wishes)
    return redirect("operators:waiting_contact", service_request.reference)


@public
@never_cache
@require_POST
@throttled("nothing_fits", limit=10, seconds=600)
def give_up(request: HttpRequest, reference: str) -> HttpResponse:
    """I need no call, or wait no longer: for the browser that proved it, nobody else's."""
    service_request = asked_or_404(request, reference)
    if not is_holder(request, service_request):
        raise Http404
    try:
        _give_up(request, service_request)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("operators:nothing_fits", service_request.reference)


def _give_up(request: HttpRequest, service_request: ServiceRequest) -> None:
    now = timezone.now()
    call_back = selectors.call_back_due(service_request=service_request)
    entry = selectors.entry_waiting(service_request=service_request)
    if "rappel" in request.POST and call_back is not None:
        services.drop_call_back(call_back=call_back, now=now)
        messages.success(request, "Le rappel est retiré.")
    elif "attente" in request.POST and entry is not None:
        services.leave_waiting_list(entry=entry, now=now)
        messages.success(request, "Vous n’êtes plus dans la liste d’attente.")
