from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.booking.agenda import rules, selectors, services
from operators.booking.agenda.errors import sessions_over
from operators.booking.agenda.forms import (
    WEEKDAYS,
    AbsenceForm,
    AbsenceHoursForm,
    OpeningForm,
    OpeningHoursForm,
)
from operators.booking.agenda.models import OpeningRule
from operators.booking.agenda.selectors import opening_days
from operators.booking.agenda.services import OpeningHours
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Adviser, Site


def me(request: SignedRequest) -> Adviser:
    advisers = Adviser.objects.visible_to(request.user).select_related("site__contract")
    return get_object_or_404(advisers, user=request.user)


def today_of(adviser: Adviser) -> date:
    return local_day(timezone.now(), adviser.site.zone)


@require(rules.can_manage_own_openings)
@require_safe
def opening_list(request: SignedRequest) -> HttpResponse:
    """When do I receive, where, for what?"""
    adviser = me(request)
    today = today_of(adviser)
    names = dict(WEEKDAYS)
    opening_rules = list(selectors.opening_rules(adviser=adviser, on=today))
    twice = opening_days.overlapping(opening_rules)
    openings = [
        {
            "rule": rule,
            "overlaps": rule.pk in twice,
            "colleague": rule.adviser if rule.second_adviser == adviser else rule.second_adviser,
            "day": names[rule.weekday],
            "levels": ", ".join(ServiceLevel(level).label for level in rule.levels),
            "modes": ", ".join(Mode(mode).label for mode in rule.modes),
        }
        for rule in opening_rules
    ]
    return render(
        request, "operators/booking/agenda/opening_list.html", {"openings": openings, "adviser": adviser}
    )


@require(rules.can_manage_own_openings)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def opening_add(request: SignedRequest) -> HttpResponse:
    """Open hours of a week day."""
    adviser = me(request)
    sites = Site.objects.visible_to(request.user).select_related("contract").order_by("name", "pk")
    today = today_of(adviser)
    colleagues = (
        Adviser.objects.visible_to(request.user)
        .filter(is_active=True)
        .exclude(pk=adviser.pk)
        .select_related("user", "site__contract")
        .order_by("user__last_name", "user__first_name", "pk")
    )
    form = OpeningForm(
        request.POST or None,
        sites=sites,
        colleagues=colleagues,
        initial={
            "first_on": today,
            "site": adviser.site.slug,
            "levels": ["ONE", "TWO"],
            "modes": ["ON_SITE"],
            **OpeningHoursForm(request.GET).hours(),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_hours(
                adviser=adviser,
                by=request.user,
                now=timezone.now(),
                **grouped(form.cleaned_data, hours=OpeningHours),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La plage est ouverte : ses créneaux sont proposés.")
            if opened.pk in opening_days.overlapping(
                list(selectors.opening_rules(adviser=adviser, on=today))
            ):
                messages.warning(request, "Elle chevauche une autre de vos plages. Vérifiez leurs heures.")
            return redirect("operators:opening_list")
    return render(request, "operators/booking/agenda/opening_add.html", {"form": form})


@require(rules.can_manage_own_openings)
@require_POST
def opening_end(request: SignedRequest) -> HttpResponse:
    """Stop a series of openings after today, or take that back; appointments already taken stand."""
    adviser, now = me(request), timezone.now()
    number = request.POST.get("plage", "")
    rule = get_object_or_404(adviser.opening_rules, pk=number if number.isdecimal() else 0)
    today = local_day(now, rule.site.zone)
    if request.POST.get("acte") == "continuer":
        return _go_on(request, rule, today, now=now)
    services.end_opening(rule=rule, last_on=today, by=request.user, now=now)
    said = "La plage s’arrête ce soir. Les rendez-vous déjà pris sont maintenus."
    opposite = {"plage": rule.pk, "acte": "continuer"}
    offer_undo(request, said, reverse("operators:opening_end"), fields=opposite, now=now)
    return redirect("operators:opening_list")


def _go_on(request: SignedRequest, rule: OpeningRule, today: date, *, now: datetime) -> HttpResponse:
    try:
        services.go_on_opening(rule=rule, ended_on=today, by=request.user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La plage continue comme avant.")
    return redirect("operators:opening_list")


@require(rules.can_manage_own_openings)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def absence_list(request: SignedRequest) -> HttpResponse:
    """When am I away? Lay an absence, take one back."""
    adviser = me(request)
    form = AbsenceForm(request.POST or None, initial=AbsenceHoursForm(request.GET).hours())
    over = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.lay_absence(
                adviser=adviser, by=request.user, now=timezone.now(), **form.period(adviser.site.zone)
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            over = sessions_over(refusal)
        else:
            messages.success(request, "L’absence est posée : plus aucun créneau n’y est proposé.")
            return redirect("operators:absence_list")
    context = {
        "adviser": adviser,
        "absences": selectors.coming_absences(adviser=adviser, now=timezone.now()),
        "recurring": [
            {"absence": absence, "day": dict(WEEKDAYS)[absence.weekday]}
            for absence in selectors.recurring_absences(adviser=adviser, on=today_of(adviser))
        ],
        "form": form,
        "over": over,
    }
    return render(request, "operators/booking/agenda/absence_list.html", context)


@require(rules.can_manage_own_openings)
@require_POST
def absence_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take an absence back: its hours are offered again."""
    adviser, now = me(request), timezone.now()
    absence = get_object_or_404(adviser.absences, uuid=uuid)
    typed = AbsenceForm.typed(absence.period.lower, absence.period.upper, adviser.site.zone)
    services.remove_absence(absence=absence, by=request.user, now=now)
    said = "L’absence est retirée : ses créneaux sont de nouveau proposés."
    offer_undo(request, said, reverse("operators:absence_list"), fields=typed, now=now)
    return redirect("operators:absence_list")
