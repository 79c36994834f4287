from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.exchange.extracts import rules, selectors, services
from operators.exchange.extracts.enums import ExtractKind, ExtractState, TableFormat
from operators.exchange.extracts.forms import REFUSE, ExtractForm, JudgeForm
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.selectors.tables import TABLES, table_of

PER_PAGE = 50
PIECE = 64 * 1024
TONES = {
    ExtractState.ASKED: "info",
    ExtractState.REFUSED: "error",
    ExtractState.GRANTED: "info",
    ExtractState.READY: "success",
    ExtractState.FAILED: "error",
}


@require(rules.can_ask_extracts)
@require_safe
def extract_list(request: SignedRequest) -> HttpResponse:
    """What was asked for here, and what waits for my answer?"""
    return render(request, "operators/exchange/extracts/extract_list.html", _list(request))


@require(rules.can_watch_extracts)
@require_safe
def extract_watch(request: SignedRequest) -> HttpResponse:
    """Which operators ask for a file, why, and what do I answer?"""
    return render(request, "operators/exchange/extracts/extract_watch.html", _list(request))


@require(rules.can_ask_extracts)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def extract_ask(request: SignedRequest) -> HttpResponse:
    """Which file do I need, for what?"""
    now = timezone.now()
    form = ExtractForm(request.POST or None, on=local_day(now))
    if request.method == "POST" and form.is_valid():
        try:
            extract = services.ask_extract(
                organisation=request.user.organisation, **form.cleaned_data, by=request.user, now=now
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("operators:extract_detail", uuid=extract.uuid)
    hints = {kind.value: ", ".join(table.heading).capitalize() for kind, table in TABLES.items()}
    return render(request, "operators/exchange/extracts/extract_ask.html", {"form": form, "hints": hints})


@require(rules.can_follow_extracts)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def extract_detail(request: SignedRequest, uuid: str) -> HttpResponse:
    """Where is this request, and what may I do about it?"""
    extract = _extract(request, uuid)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _judge(request, extract, form):
        return redirect("operators:extract_detail", uuid=extract.uuid)
    return _detail(request, extract, form)


@require(rules.can_follow_extracts)
@require_safe
def extract_status(request: SignedRequest, uuid: str) -> HttpResponse:
    """The progress alone, asked again by htmx; the page reloads itself once there is an end."""
    extract = _extract(request, uuid)
    if extract.state != ExtractState.GRANTED:
        return HttpResponseClientRefresh()
    return render(request, "operators/exchange/extracts/extract_status.html", {"extract": extract})


@require(rules.can_ask_extracts)
@require_POST
def extract_cancel(request: SignedRequest, uuid: str) -> HttpResponse:
    """I no longer need this file."""
    extract = get_object_or_404(Extract.objects.visible_to(request.user), uuid=uuid, asked_by=request.user)
    try:
        services.cancel_extract(extract=extract, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre demande est retirée.")
    return redirect("operators:extract_list")


@require(rules.can_ask_extracts)
@require_safe
def extract_download(request: SignedRequest, uuid: str) -> HttpResponse:
    """The file, for who asked for it; its page, and 410, once it is over."""
    extract = _extract(request, uuid)
    if extract.asked_by_id != request.user.pk or extract.made_at is None:
        raise Http404
    try:
        path = services.take_extract(extract=extract, by=request.user, now=timezone.now())
    except DomainError as refusal:
        if not extract.is_over(now=timezone.now()):
            messages.error(request, str(refusal))
        return _detail(request, extract, JudgeForm(), status=410)
    response = StreamingHttpResponse(_pieces(path), content_type=TableFormat.media_types[extract.file_format])
    name = f"extraction-{extract.starts_on:%Y%m%d}-{extract.ends_on:%Y%m%d}.{extract.file_format}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Length"] = str(extract.size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response  # type: ignore[return-value]  # a view may stream


def _list(request: SignedRequest) -> dict:
    now = timezone.now()
    page = Paginator(selectors.extract_list(user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [
            (extract, extract.shown_state(now=now), _tone(extract, now)) for extract in page.object_list
        ],
        "to_judge": selectors.to_judge(user=request.user),
    }


def _tone(extract: Extract, now: datetime) -> str:
    return TONES.get(extract.shown_state(now=now), "neutral")


def _extract(request: SignedRequest, uuid: str) -> Extract:
    extracts = Extract.objects.visible_to(request.user)
    return get_object_or_404(extracts.select_related("organisation", "asked_by", "judged_by"), uuid=uuid)


def _judge(request: SignedRequest, extract: Extract, form: JudgeForm) -> bool:
    now, answer = timezone.now(), form.cleaned_data["answer"]
    try:
        if answer == REFUSE:
            reason = form.cleaned_data["reason"]
            services.refuse_extract(extract=extract, reason=reason, by=request.user, now=now)
        else:
            services.grant_extract(extract=extract, by=request.user, now=now)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "La demande est refusée." if answer == REFUSE else "La demande est accordée.")
    return True


def _detail(request: SignedRequest, extract: Extract, form: JudgeForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    is_waiting = extract.state == ExtractState.ASKED
    context = {
        "extract": extract,
        "state": extract.shown_state(now=now),
        "tone": _tone(extract, now),
        "states": ExtractState,
        "columns": table_of(extract.kind).columns,
        "is_own": extract.asked_by_id == request.user.pk,
        "judges_outside": extract.kind in ExtractKind.about_people,
        "form": form if is_waiting and rules.may_judge(request.user, extract) else None,
        "downloads": selectors.downloads(extract=extract),
        "watches": rules.can_watch_extracts(request.user),
    }
    return render(request, "operators/exchange/extracts/extract_detail.html", context, status=status)


def _pieces(path: Path) -> Iterator[bytes]:
    """A large file goes out as it is read; it is open only while somebody reads."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
