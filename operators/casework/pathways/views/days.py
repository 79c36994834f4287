from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.to_do import Reading, to_do
from cep_portal.common.wording.dates import short_day
from operators.booking.groups.selectors import adviser_sessions
from operators.casework.pathways import hooks, presenters, rules, selectors
from operators.casework.pathways.forms import DayForm
from operators.network.models import Adviser

FIRST_TASKS = 6  # the rest is a page away


@require(rules.can_log_sessions)
@require_safe
def today(request: SignedRequest) -> HttpResponse:
    """What have I to do now? The day in order, and what waits for its log."""
    now = timezone.now()
    adviser = selectors.adviser_of(user=request.user)
    if adviser is None:
        return render(request, "operators/casework/pathways/no_adviser.html")
    present = local_day(now, adviser.site.zone)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["jour"] if form.is_valid() else present
    reading = Reading(request.user, request.user.acting.role, now, adviser.site.zone)
    reading.once("adviser", lambda: adviser)
    context = {
        "adviser": adviser,
        "day": day,
        "is_present": day == present,
        "moves": _moves(day, present),
        "days": [_day(request, adviser, day, now=now)],
        "to_do": to_do(reading).first(FIRST_TASKS),
        "present": present,
        "form": DayForm(initial={"jour": day.isoformat()}),
    }
    return render(request, "operators/casework/pathways/today.html", context)


def _day(request: SignedRequest, adviser: Adviser, day: date, *, now: datetime) -> dict:
    appointments = list(selectors.day_appointments(adviser=adviser, user=request.user, on=day))
    meetings = adviser_sessions(advisers=[adviser], first_on=day, last_on=day, zone=adviser.site.zone)
    known = selectors.pathways_by_person(appointments=appointments)
    needed = hooks.preparations(hooks.Ahead(appointments, known, request.user))
    entries = [
        presenters.day_entry(
            appointment,
            known.get((appointment.beneficiary_id, appointment.site.contract_id)),  # type: ignore[arg-type]  # the page asked for it before
            needed=needed.get(appointment.pk, ()),
            now=now,
        )
        for appointment in appointments
    ]
    count = len(entries)
    entries += [presenters.meeting_entry(session, zone=adviser.site.zone) for session in meetings]
    entries.sort(key=lambda entry: entry["starts_at"])
    return {"label": f"{count} rendez-vous" if entries else "", "entries": entries}


def _moves(day: date, present: date) -> list[dict]:
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    days = [(f"‹ {short_day(before)}", before), ("Aujourd’hui", present), (f"{short_day(after)} ›", after)]
    items = [
        {"label": label, "url": f"?jour={target.isoformat()}", "current": target == day}
        for label, target in days
    ]
    return [{"label": "Jour", "items": items}]
