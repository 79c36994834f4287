import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.forms import ContactForm
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.presenters import we_write
from beneficiaries.request.rules import holds_request
from beneficiaries.request.selectors import contact_code_of, refuse_closed, request_to_act_on
from beneficiaries.request.services import identify_by_code, prove_request, send_contact_code, write_here
from cep_portal.common.access import public
from cep_portal.common.errors import DomainError
from cep_portal.common.links import LostLink
from cep_portal.common.throttle import throttled
from cep_portal.common.wording.dates import long_instant
from cep_portal.common.wording.numbers import plural
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.forms import CodeForm, KeyForm
from operators.booking.agenda.presenters.asked import asked_or_404
from operators.booking.agenda.wording import calendar, minutes
from operators.booking.groups import links, rules, selectors, services
from operators.booking.groups.enums import PlaceState
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.groups.notices import event_of

PAGE = 20


@public
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Which meetings are held near me, and how do I join?"""
    search = request.GET.get("ou", "")[:80]
    sessions = selectors.public_sessions(now=timezone.now(), search=search)
    page = Paginator(sessions, PAGE).get_page(request.GET.get("page"))
    return render(request, "operators/booking/groups/group_list.html", {"page": page, "search": search})


@public
@never_cache
@require_safe
def group_choose(request: HttpRequest, reference: str) -> HttpResponse:
    """Which meeting do I join? Those of my operator, soonest first."""
    service_request = asked_or_404(request, reference)
    near = selectors.sessions_for(service_request=service_request, now=timezone.now())
    cards = [
        {
            "title": capfirst(long_instant(near_session.session.starts_at, near_session.session.site.zone)),
            "url": reverse(
                "operators:group_join", args=[service_request.reference, near_session.session.uuid]
            ),
            "text": _text(near_session),
        }
        for near_session in near
    ]
    context = {"service_request": service_request, "cards": cards}
    return render(request, "operators/booking/groups/group_choose.html", context)


def _text(near: selectors.NearSession) -> str:
    session = near.session
    where = session.get_mode_display()
    if session.mode == "ON_SITE":
        where = f"{session.site.name} ({near.km:.0f} km)" if near.km >= 1 else session.site.name
    left = session.left  # type: ignore[attr-defined]  # annotated by the query
    return f"{session.get_topic_display()} · {where} · {left}{NO_BREAK_SPACE}place{plural(left)}"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("send_code", limit=10, seconds=600)
def group_join(request: HttpRequest, reference: str, uuid: UUID) -> HttpResponse:
    """Who joins? A known person confirms; others give a contact and copy a code."""
    service_request, session = asked_or_404(request, reference), _session(uuid)
    if (place := _own(request, service_request, session)) is not None:
        return redirect(links.place_path(place))
    if not rules.is_joinable(session, now=timezone.now()):
        return _over(request, service_request)
    if service_request.beneficiary is not None and _holds(request, service_request):
        return _join_as_known(request, service_request, session)
    form = ContactForm(request.POST or None, phone_required=False)
    if request.method == "POST" and form.is_valid():
        try:
            service_request = _write(request, service_request)
            code = send_contact_code(service_request=service_request, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:group_code", service_request.reference, session.uuid, code.uuid)
    context = {**_context(session), "service_request": service_request, "form": form}
    return render(request, "operators/booking/groups/group_join.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("confirm_code", limit=20, seconds=600)
def group_code(request: HttpRequest, reference: str, uuid: UUID, code: str) -> HttpResponse:
    """Copy the code: the right one keeps the place."""
    service_request, session = _asked(reference), _session(uuid)
    contact_code = contact_code_of(service_request=service_request, uuid=code)
    if contact_code is None:
        raise Http404
    form = CodeForm(request.POST or None, initial={"key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        response = _join_with_code(request, service_request, session, contact_code, form)
        if response is not None:
            return response
    context = {
        **_context(session),
        "service_request": service_request,
        "form": form,
        "contact_code": contact_code,
    }
    return render(request, "operators/booking/groups/group_code.html", context)


def _asked(reference: str) -> ServiceRequest:
    service_request = request_to_act_on(reference)
    if service_request is None:
        raise Http404
    return service_request


def _write(request: HttpRequest, service_request: ServiceRequest) -> ServiceRequest:
    return write_here(
        service_request=service_request, session=request.session, user=request.user, now=timezone.now()
    )


def _session(uuid: UUID) -> GroupSession:
    return get_object_or_404(
        GroupSession.objects.select_related("site__commune", "site__contract"), uuid=uuid
    )


def _holds(request: HttpRequest, service_request: ServiceRequest) -> bool:
    return holds_request(service_request, user=request.user, session=request.session)


def _own(request: HttpRequest, service_request: ServiceRequest, session: GroupSession) -> GroupPlace | None:
    """The place this visitor already has; who only knows the reference is not told."""
    if service_request.beneficiary is None or not _holds(request, service_request):
        return None
    return selectors.place_of(session=session, service_request=service_request)


def _over(request: HttpRequest, service_request: ServiceRequest) -> HttpResponse:
    messages.error(request, "Cette réunion n’accepte plus d’inscription. En voici d’autres.")
    return redirect("operators:group_choose", service_request.reference)


def _context(session: GroupSession) -> dict:
    return {"session": session, "site": session.site, "minutes": minutes(session)}


def _join_as_known(
    request: HttpRequest, service_request: ServiceRequest, session: GroupSession
) -> HttpResponse:
    form = KeyForm(request.POST or None, initial={"key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        response = _book(request, service_request, session, service_request.beneficiary, form)  # type: ignore[arg-type]  # the page asked for it before
        if response is not None:
            return response
    context = {**_context(session), "service_request": service_request, "form": form}
    return render(request, "operators/booking/groups/group_known.html", context)


def _join_with_code(
    request: HttpRequest,
    service_request: ServiceRequest,
    session: GroupSession,
    contact_code: ContactCode,
    form: Any,
) -> HttpResponse | None:
    try:
        person = identify_by_code(
            contact_code=contact_code, code=form.cleaned_data["code"], now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return None
    prove_request(session=request.session, service_request=service_request)
    return _book(request, service_request, session, person, form)


def _book(
    request: HttpRequest,
    service_request: ServiceRequest,
    session: GroupSession,
    person: Beneficiary,
    form: Any,
) -> HttpResponse | None:
    now = timezone.now()
    try:
        service_request = _write(request, service_request)
        place = services.book_place(
            session=session,
            beneficiary=person,
            service_request=service_request,
            idempotency_key=form.cleaned_data["key"],
            now=now,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"Votre place est gardée. {we_write(person, at=now)}")
    return redirect(links.place_path(place))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group_place(request: HttpRequest, signed: str) -> HttpResponse:
    """When and where is my meeting, how do I give my place back?"""
    place = _place(signed)
    now = timezone.now()
    if request.method == "POST":
        try:
            services.cancel_place(place=place, by=CancelledBy.PERSON, now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("operators:group_place", signed)
    context = {
        **_context(place.session),
        "place": place,
        "signed": signed,
        "is_past": place.session.starts_at <= now,
    }
    return render(request, "operators/booking/groups/group_place.html", context)


@public
@never_cache
@require_safe
def group_place_calendar(request: HttpRequest, signed: str) -> HttpResponse:
    """The meeting for a calendar: neutral words; the place for who asks for it."""
    place = _place(signed)
    if place.state == PlaceState.CANCELLED:
        return redirect("operators:group_place", signed)
    return HttpResponse(
        calendar.calendar_file(
            event_of(place),
            method="PUBLISH",
            now=timezone.now(),
            with_place=request.GET.get("adresse") == "oui",
        ),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'},
    )


def _place(signed: str) -> GroupPlace:
    uuid = links.unsign(signed)
    place = selectors.place_by_uuid(uuid) if uuid else None
    if place is None:
        find = reverse("beneficiaries:request_find")
        raise LostLink(was_read=uuid is not None, label="Retrouver ma demande", url=find)
    refuse_closed(place.beneficiary)
    return place
