from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import public, require
from cep_portal.common.links import portal_link
from operators.booking.agenda import rules, services
from operators.booking.agenda.models import CalendarFeed
from operators.booking.agenda.selectors import feeds
from operators.network.models import Adviser


@public
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """An adviser's hours for a calendar program: it has no session, the address is the key."""
    adviser = feeds.adviser_behind(token=secret)
    if adviser is None:
        raise Http404
    now = timezone.now()
    rows = feeds.entries(adviser=adviser, now=now)
    etag = feeds.etag(rows)
    headers = {"ETag": etag, "Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    text = feeds.calendar_text(adviser=adviser, rows=rows, now=now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@require(rules.can_manage_own_openings)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feed_manage(request: SignedRequest) -> HttpResponse:
    """My hours in my own calendar program: an address shown once, replaced or closed at will."""
    adviser = get_object_or_404(
        Adviser.objects.visible_to(request.user).select_related("site"), user=request.user
    )
    address = ""
    if request.method == "POST" and "fermer" in request.POST:
        services.end_calendar_feed(adviser=adviser, by=request.user, now=timezone.now())
        messages.success(request, "L’adresse est fermée : votre logiciel n’y lit plus rien.")
        return redirect("operators:feed_manage")
    if request.method == "POST":
        secret = services.renew_calendar_feed(adviser=adviser, by=request.user, now=timezone.now())
        address = portal_link("operators:calendar_feed", secret)
    context = {
        "adviser": adviser,
        "address": address,
        "feed": CalendarFeed.objects.filter(adviser=adviser).first(),
    }
    return render(request, "operators/booking/agenda/feed_manage.html", context)
