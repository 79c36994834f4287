from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.booking.agenda import rules, services
from operators.booking.agenda.errors import sessions_over
from operators.booking.agenda.forms import OpeningDayForm
from operators.booking.agenda.models import OpeningException, OpeningRule
from operators.booking.agenda.rules.recurrence import falls_on
from operators.booking.agenda.selectors import opening_days
from operators.booking.agenda.views.openings import me

WEEKS = 4


def read_day(text: str) -> date | None:
    """A day of an address, within reason; None when altered."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


@require(rules.can_manage_own_openings)
@require_safe
def opening_day_list(request: SignedRequest) -> HttpResponse:
    """What do I open in the coming weeks, and what changes on one day only?"""
    adviser = me(request)
    today = local_day(timezone.now(), adviser.site.zone)
    first_on = max(read_day(request.GET.get("du", "")) or today, today)
    step = timedelta(weeks=WEEKS)
    last_on = first_on + step - timedelta(days=1)
    last_first = rules.latest_start(timezone.now()).date()
    context = {
        "adviser": adviser,
        "days": opening_days.opening_days(advisers=[adviser], first_on=first_on, last_on=last_on),
        "first_on": first_on,
        "last_on": last_on,
        "before": max(first_on - step, today) if first_on > today else None,
        "after": first_on + step if first_on + step <= last_first else None,
    }
    return render(request, "operators/booking/agenda/opening_day_list.html", context)


@require(rules.can_manage_own_openings)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def opening_day_change(request: SignedRequest) -> HttpResponse:
    """Close one day of an opening, or open it at other hours."""
    if not request.GET:
        return redirect("operators:opening_day_list")
    rule, day = _wanted(request)
    exception = rule.exceptions.filter(day=day).first()
    hours = rule if exception is None or exception.is_closed else exception
    closing = request.POST.get("acte") == "fermer"
    data = request.POST if request.method == "POST" and not closing else None
    form = OpeningDayForm(data, initial={"opens": hours.opens, "closes": hours.closes})
    over = ()
    if closing or (request.method == "POST" and form.is_valid()):
        opens, closes = (None, None) if closing else (form.cleaned_data["opens"], form.cleaned_data["closes"])
        try:
            services.change_opening_day(
                rule=rule, day=day, opens=opens, closes=closes, by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            over = sessions_over(refusal)
        else:
            messages.success(request, "Ce jour est fermé." if closing else "Ce jour a ses propres heures.")
            return redirect(_list_url(day))
    context = {"rule": rule, "day": day, "form": form, "over": over, "list_url": _list_url(day)}
    return render(request, "operators/booking/agenda/opening_day_change.html", context)


def _wanted(request: SignedRequest) -> tuple[OpeningRule, date]:
    """The opening and the day of the address; an altered one leads nowhere."""
    number, day = request.GET.get("plage", ""), read_day(request.GET.get("jour", ""))
    rules_of = me(request).opening_rules.select_related("site")
    rule = get_object_or_404(rules_of, pk=number if number.isdecimal() else 0)
    if day is None or not falls_on(rule, day):
        raise Http404
    return rule, day


def _list_url(day: date) -> str:
    return reverse("operators:opening_day_list", query={"du": day.isoformat()})


@require(rules.can_manage_own_openings)
@require_POST
def opening_day_restore(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Give one day back its ordinary hours."""
    own = OpeningException.objects.filter(rule__adviser=me(request))
    exception, now = get_object_or_404(own, uuid=uuid), timezone.now()
    day, address = exception.day, {"plage": exception.rule_id, "jour": exception.day.isoformat()}
    typed = {"opens": exception.opens, "closes": exception.closes}
    services.restore_opening_day(exception=exception, by=request.user, now=now)
    change_url = reverse("operators:opening_day_change", query=address)
    opposite = {"acte": "fermer"} if typed["opens"] is None else typed
    offer_undo(request, "Ce jour a retrouvé ses heures.", change_url, fields=opposite, now=now)
    return redirect(_list_url(day))
