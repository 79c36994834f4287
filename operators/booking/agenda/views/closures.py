from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.booking.agenda import rules, services
from operators.booking.agenda.errors import sessions_over
from operators.booking.agenda.forms import ClosureForm
from operators.booking.agenda.presenters.confirmation import people_told
from operators.network.models import Site


def _site(request: SignedRequest, slug: str) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.user), slug=slug)


@require(rules.can_close_sites)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def closure_list(request: SignedRequest, slug: str) -> HttpResponse:
    """When does this site receive nobody? Close it for some days, take a closure back."""
    site = _site(request, slug)
    today = local_day(timezone.now(), site.zone)
    form = ClosureForm(request.POST or None)
    over = ()
    if request.method == "POST" and form.is_valid():
        try:
            if "confirmer" in request.POST:
                _, replaced = services.close_site_and_replace(
                    site=site, by=request.user, now=timezone.now(), **form.cleaned_data
                )
                messages.success(request, f"Le lieu est fermé. {people_told(replaced)}")
                return redirect("operators:replacement_list")
            services.close_site(site=site, by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            over = sessions_over(refusal)
        else:
            messages.success(request, "La fermeture est posée : plus aucun créneau n’y est proposé.")
            return redirect("operators:closure_list", site.slug)
    context = {
        "site": site,
        "closures": site.closures.filter(last_on__gte=today).order_by("first_on", "pk"),
        "form": form,
        "over": over,
    }
    return render(request, "operators/booking/agenda/closure_list.html", context)


@require(rules.can_close_sites)
@require_POST
def closure_remove(request: SignedRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take a closure back: its days are offered again."""
    site, now = _site(request, slug), timezone.now()
    closure = get_object_or_404(site.closures, uuid=uuid)
    typed = {name: getattr(closure, name) for name in ClosureForm.base_fields}
    services.reopen_site(closure=closure, by=request.user, now=now)
    said = "La fermeture est retirée : ses créneaux sont de nouveau proposés."
    offer_undo(request, said, reverse("operators:closure_list", args=[slug]), fields=typed, now=now)
    return redirect("operators:closure_list", site.slug)
