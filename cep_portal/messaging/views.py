import json
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cep_portal.accounts.selectors import agent_addresses
from cep_portal.common.access import public, require
from cep_portal.messaging import rules, selectors, services
from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.forms import DeliveryForm
from cep_portal.messaging.models import Message
from cep_portal.messaging.rules import signatures

PAGE_SIZE = 50
SHOWN_DAYS = timedelta(days=30)
STAFF, VISITOR = "messaging:message_list", "messaging:demonstration_list"
DETAILS = {STAFF: "messaging:message_detail", VISITOR: "messaging:demonstration_detail"}


@require(rules.can_read_messages)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Did the messages leave? The outbox by state, newest first."""
    return _list(request, STAFF)


@public
@require_safe
def demonstration_list(request: HttpRequest) -> HttpResponse:
    """What did the demonstration write to its fictional people? Absent elsewhere."""
    _only_in_demonstration()
    return _list(request, VISITOR)


@require(rules.can_read_messages)
@require_safe
def delivery_days(request: HttpRequest) -> HttpResponse:
    """Did yesterday's messages arrive? The morning checks of the last thirty days."""
    today = timezone.localdate()
    lines = list(selectors.delivery_days(since=today - SHOWN_DAYS))
    latest = [line for line in lines if line.day == lines[0].day]
    context = {
        "mornings": [(day, list(found)) for day, found in groupby(lines, key=attrgetter("day"))],
        "problems": rules.problems(latest),
        "latest": lines[0].day if lines else None,
    }
    return render(request, "messaging/delivery_days.html", context)


@require(rules.can_read_messages)
@require_safe
def message_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """What became of this message? Its text is its recipient's."""
    return _detail(request, uuid, STAFF)


@public
@require_safe
def demonstration_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """What does this message of the demonstration say?"""
    _only_in_demonstration()
    return _detail(request, uuid, VISITOR)


@public
@require_safe
def demonstration_attachment(_request: HttpRequest, uuid: str) -> HttpResponse:
    """The attachment of a message of the demonstration."""
    return _attachment(uuid)


def _only_in_demonstration() -> None:
    if not rules.can_read_texts():
        raise Http404


def _list(request: HttpRequest, name: str) -> HttpResponse:
    state = request.GET.get("etat", "")
    search = request.GET.get("recherche", "")
    messages = selectors.message_list(
        state=state if state in MessageState else "", search=search, of_agents=name == STAFF
    )
    page = Paginator(messages, PAGE_SIZE).get_page(request.GET.get("page"))
    _name_recipients(list(page.object_list), name)
    return render(
        request,
        "messaging/message_list.html",
        {
            "page": page,
            "outbox": selectors.outbox_state(now=timezone.now()),
            "states": _state_filters(state, search),
            "state": state,
            "search": search,
            "problems": rules.problems(selectors.latest_lines()) if name == STAFF else [],
            "for_visitors": name == VISITOR,
            "detail": DETAILS[name],
        },
    )


def _name_recipients(messages: list[Message], name: str) -> None:
    """Who steers reads whom agents are written to; of a person, that they were (ADR 0053)."""
    among = [message.recipient.lower() for message in messages]
    agents = agent_addresses(among=among) if name == STAFF else set(among)
    for message in messages:
        message.shown_recipient = message.recipient if message.recipient.lower() in agents else ""  # type: ignore[attr-defined]  # read by the two pages


def _state_filters(chosen: str, search: str) -> list[dict]:
    choices = [("", "Tous"), *MessageState.choices]
    suffix = f"&{urlencode({'recherche': search})}" if search else ""
    items = [
        {"label": label.capitalize(), "url": f"?etat={value}{suffix}", "current": value == chosen}
        for value, label in choices
    ]
    return [{"label": "État", "items": items}]


def _detail(request: HttpRequest, uuid: str, name: str) -> HttpResponse:
    message = get_object_or_404(Message, uuid=uuid)
    _name_recipients([message], name)
    for_visitors = name == VISITOR
    shows_text = for_visitors and rules.can_read_texts()
    context = {
        "message": _with_words(message) if shows_text else message,
        "shows_text": shows_text,
        "error": message.last_error if for_visitors else rules.without_contacts(message.last_error),
        "bounce": message.bounce_reason if for_visitors else rules.without_contacts(message.bounce_reason),
        "text_days": settings.PORTAL_TEXT_DAYS,
        "for_visitors": for_visitors,
        "list": name,
    }
    return render(request, "messaging/message_detail.html", context)


def _attachment(uuid: str) -> HttpResponse:
    _only_in_demonstration()
    message = _with_words(get_object_or_404(Message, uuid=uuid))
    if not message.attachment_name:
        raise Http404
    response = HttpResponse(message.attachment, content_type=message.attachment_type)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=message.attachment_name
    )
    return response


def _with_words(message: Message) -> Message:
    """What waits is shown as the worker would write it now; nothing is saved."""
    if message.state == MessageState.DUE and rules.can_read_texts():
        with suppress(services.Void, services.NotComposed, ValueError):
            services.compose(message, now=timezone.now())
    return message


@csrf_exempt  # a machine calls: its signature is the proof (tests/access/test_csrf.py)
@public
@require_POST
def sms_delivery(request: HttpRequest, carrier: str) -> HttpResponse:
    """What a carrier of SMS says became of a message, signed with the secret we share."""
    secret = settings.PORTAL_DELIVERY_SECRETS.get(carrier)
    if not secret:
        raise Http404
    now, header = timezone.now(), request.headers.get(signatures.HEADER, "")
    if not signatures.is_valid(secret=secret, header=header, body=request.body, now=now):
        return HttpResponseForbidden()
    form = DeliveryForm(_json_object(request.body))
    if not form.is_valid():
        return HttpResponseBadRequest()
    services.note_delivery(now=now, **form.facts())
    return HttpResponse(status=204)


def _json_object(body: bytes) -> dict:
    try:
        loads = json.loads(body)
    except ValueError:
        return {}
    return loads if isinstance(loads, dict) else {}


@csrf_exempt  # anymail checks the signature or the secret of each provider
@public
@require_POST
def email_delivery(request: HttpRequest) -> HttpResponse:
    """What the provider of e-mail says became of a message; absent where a plain mail server is used."""
    if not settings.PORTAL_EMAIL_EVENTS:
        raise Http404
    return import_string(settings.PORTAL_EMAIL_EVENTS).as_view()(request)


@public
@require_safe
def outbox_health(_request: HttpRequest) -> HttpResponse:
    """200 « ok » for a probe, or 503 and one word: workers that are stuck cannot tell it themselves."""
    trouble = selectors.outbox_trouble(now=timezone.now())
    return HttpResponse(trouble or "ok", content_type="text/plain", status=503 if trouble else 200)
