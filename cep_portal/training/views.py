from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cep_portal.common.access import public, require
from cep_portal.common.errors import DomainError
from cep_portal.training import rules, selectors, services
from cep_portal.training.forms import MoveForm, ResetForm
from cep_portal.training.presenters import EXERCISES, PASSWORD


@public
@require_safe
def place(request: HttpRequest) -> HttpResponse:
    """Where am I, what time is it here, and what may I try?"""
    training_place = selectors.place()
    context = {
        "place": training_place,
        "now": timezone.localtime(),
        "first_day": training_place and timezone.localtime(training_place.opened_at),
        "days_ahead": training_place and selectors.days_ahead(training_place.ahead),
        "exercises": EXERCISES,
        "password": PASSWORD,
        "form": MoveForm() if rules.can_lead_place(request.user) else None,
    }
    return render(request, "training/place.html", context)


@public
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The progress alone, asked again by htmx; the page reloads itself once the clock stands."""
    training_place = selectors.place()
    if training_place is None or training_place.moving_to is None:
        return HttpResponseClientRefresh()
    return render(request, "training/moving.html", {"now": timezone.localtime()})


@require(rules.can_lead_place)
@require_POST
def clock_move(request: HttpRequest) -> HttpResponse:
    """Send the clock forward for everybody here."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez jusqu’où avancer l’horloge.")
        return redirect("training:place")
    try:
        services.ask_move(step=form.cleaned_data["step"], by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("training:place")


@require(rules.can_lead_place)
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """What will be lost if the place goes back to its first day? Then do it."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_reset(by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("training:place")
    return render(request, "training/reset.html", {"form": form})
