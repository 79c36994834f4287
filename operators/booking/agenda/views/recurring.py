from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from cep_portal.common.undo import offer_undo
from operators.booking.agenda import rules, services
from operators.booking.agenda.errors import sessions_over
from operators.booking.agenda.forms import RecurringAbsenceForm
from operators.booking.agenda.services import WeeklyHours
from operators.booking.agenda.views.openings import me, today_of


@require(rules.can_manage_own_openings)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def recurring_absence_add(request: SignedRequest) -> HttpResponse:
    """Block the same hours each week: a part-time day, a meeting."""
    adviser = me(request)
    form = RecurringAbsenceForm(request.POST or None, initial={"first_on": today_of(adviser)})
    over = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.lay_recurring_absence(
                adviser=adviser, by=request.user, now=timezone.now(), hours=WeeklyHours(**form.cleaned_data)
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            over = sessions_over(refusal)
        else:
            messages.success(request, "L’absence régulière est posée : plus aucun créneau n’y est proposé.")
            return redirect("operators:absence_list")
    context = {"adviser": adviser, "form": form, "over": over}
    return render(request, "operators/booking/agenda/recurring_absence_add.html", context)


@require(rules.can_manage_own_openings)
@require_POST
def recurring_absence_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take a regular absence back: its hours are offered again."""
    now = timezone.now()
    absence = get_object_or_404(me(request).recurring_absences, uuid=uuid)
    typed = {name: getattr(absence, name) for name in RecurringAbsenceForm.base_fields}
    services.remove_recurring_absence(absence=absence, by=request.user, now=now)
    said = "L’absence régulière est retirée : ses créneaux sont de nouveau proposés."
    offer_undo(request, said, reverse("operators:recurring_absence_add"), fields=typed, now=now)
    return redirect("operators:absence_list")
