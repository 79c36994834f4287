from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.bodies import takes_up_to
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.exchange.deliveries import exports, rules, selectors, services
from operators.exchange.deliveries.enums import FileFormat
from operators.exchange.deliveries.forms import DeliveryForm
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.rules import columns

PER_PAGE = 50
TABLES = (FileFormat.CSV, FileFormat.XLSX)


@takes_up_to("PORTAL_DELIVERY_BODY_BYTES")
@require(rules.can_send_deliveries)
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_list(request: SignedRequest) -> HttpResponse:
    """What did we send, what was refused, and how long may we wait before the next one?"""
    return _send(request, is_trial=False)


@takes_up_to("PORTAL_DELIVERY_BODY_BYTES")
@require(rules.can_send_deliveries)
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_trial(request: SignedRequest) -> HttpResponse:
    """Would this file be taken? Nothing of it is written."""
    return _send(request, is_trial=True)


def _send(request: SignedRequest, *, is_trial: bool) -> HttpResponse:
    form = DeliveryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            delivery, _ = services.send_delivery(
                organisation=request.user.organisation,
                file_name=sent.name,
                pieces=sent.chunks(),
                is_trial=is_trial,
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("operators:delivery_detail", delivery.uuid)
    if is_trial:
        return render(request, "operators/exchange/deliveries/delivery_trial.html", {"form": form})
    return render(request, "operators/exchange/deliveries/delivery_list.html", _own(request, form))


def _own(request: SignedRequest, form: DeliveryForm) -> dict:
    now = timezone.now()
    supplies = selectors.supplies(now=now, organisation_id=request.user.organisation_id)
    deliveries = Paginator(selectors.delivery_list(user=request.user), PER_PAGE)
    return {
        "form": form,
        "page": deliveries.get_page(request.GET.get("page")),
        "supply": supplies[0] if supplies else None,
    }


def _delivery(request: SignedRequest, uuid: UUID) -> DataDelivery:
    return get_object_or_404(DataDelivery.objects.visible_to(request.user), uuid=uuid)


@require(rules.can_send_deliveries)
@require_safe
def delivery_detail(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What became of each line, and what must I mend?"""
    delivery = _delivery(request, uuid)
    context = {
        "delivery": delivery,
        "progress": selectors.progress_of(delivery),
        "page": Paginator(selectors.refused_lines(delivery=delivery), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "fields": [(columns.BY_NAME[name].label, count) for name, count in delivery.refused_fields.items()],
        "empty_fields": [
            (columns.BY_NAME[name].label, count) for name, count in delivery.empty_fields.items()
        ],
    }
    return render(request, "operators/exchange/deliveries/delivery_detail.html", context)


@require(rules.can_send_deliveries)
@require_POST
@sent_once
def delivery_send(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Send for good the file just checked."""
    trial = _delivery(request, uuid)
    try:
        delivery, _ = services.send_checked(trial=trial, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("operators:delivery_list")
    return redirect("operators:delivery_detail", delivery.uuid)


@require(rules.can_send_deliveries)
@require_safe
def delivery_status(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """How far is it read? Asked again by the page while it is."""
    delivery = _delivery(request, uuid)
    context = {"delivery": delivery, "progress": selectors.progress_of(delivery)}
    response = render(request, "operators/exchange/deliveries/delivery_status.html", context)
    if not delivery.is_under_way:
        response.headers["HX-Refresh"] = "true"
    return response


@require(rules.can_send_deliveries)
@require_safe
def delivery_refused(request: SignedRequest, uuid: UUID, ending: str) -> HttpResponse:
    """The refused lines in the format they came in, with what to mend in the last column."""
    delivery = _delivery(request, uuid)
    rows = selectors.refused_table(delivery=delivery)
    return exports.table_response(rows, name="lignes-refusees", file_format=_table(ending))


@require(rules.can_send_deliveries)
@require_safe
def delivery_places(request: SignedRequest) -> HttpResponse:
    """How are my sites and advisers named in a file?"""
    rows = selectors.places_table(organisation_id=request.user.organisation_id)
    return exports.table_response(rows, name="lieux-et-conseillers", file_format=FileFormat.CSV)


@public
@require_safe
def delivery_format(request: HttpRequest) -> HttpResponse:
    """What must a file look like?"""
    rows = [
        {"column": column, "uses": [column.use(kind) for kind in columns.KINDS], "choices": column.choices}
        for column in columns.COLUMNS
    ]
    context = {"rows": rows, "kinds": columns.KINDS, "version": columns.VERSION}
    return render(request, "operators/exchange/deliveries/delivery_format.html", context)


@public
@require_safe
def delivery_model(request: HttpRequest, ending: str) -> HttpResponse:  # noqa: ARG001 -- the same for all
    """An empty file with its heading and one line of each kind to follow."""
    rows = [list(columns.NAMES), *columns.example_rows()]
    return exports.table_response(rows, name="modele-remontee", file_format=_table(ending))


@public
@require_safe
def delivery_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for all
    """The JSON Schema that a software checks its deliveries against."""
    return JsonResponse(columns.json_schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})


def _table(ending: str) -> str:
    if ending not in TABLES:
        raise Http404
    return ending


@require(rules.can_watch_deliveries)
@require_safe
def supply(request: HttpRequest) -> HttpResponse:
    """Which operators send their data, and how close is each to the legal terms?"""
    rows = [
        {"supply": one, "badge": one.clock.badge, "gaps": _gaps(one)}
        for one in selectors.supplies(now=timezone.now())
    ]
    context = {"rows": rows, "now": timezone.now(), "days": selectors.RECENT.days}
    return render(request, "operators/exchange/deliveries/supply.html", context)


def _gaps(one: selectors.Supply) -> str:
    return ", ".join(f"{columns.BY_NAME[name].label.lower()} ({count})" for name, count in one.gaps)
