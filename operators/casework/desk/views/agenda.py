from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common import hour_grid
from cep_portal.common.access import require
from cep_portal.common.days import local, local_day, monday_of
from cep_portal.common.wording.dates import dated_day, long_day, short_day
from operators.casework.desk import presenters
from operators.casework.desk.forms import AgendaForm
from operators.casework.pathways.rules import can_log_sessions
from operators.casework.pathways.selectors import adviser_of
from operators.network.models import Adviser

VIEWS = {"semaine": "Semaine", "jour": "Jour", "equipe": "Équipe"}
STEPS = {"semaine": timedelta(weeks=1), "jour": timedelta(days=1), "equipe": timedelta(days=1)}


@require(can_log_sessions)
@require_safe
def agenda(request: SignedRequest) -> HttpResponse:
    """What takes the time of a day, a week, a team? Mine, or a colleague's; made to be printed too."""
    me = adviser_of(user=request.user)
    if me is None:
        return render(request, "operators/casework/pathways/no_adviser.html")
    form = AgendaForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    whose = _whose(request, me, asked.get("qui"))  # type: ignore[arg-type]  # the page asked for it before
    now, view = timezone.now(), asked.get("vue") or "semaine"
    present = local_day(now, whose.site.zone)
    day = asked.get("jour") or present
    span = _span(view, day, whose.site.zone)
    team = list(presenters.colleagues(user=request.user, site_id=whose.site_id))
    shown = team if view == "equipe" else [whose]
    facts = presenters.facts_of(shown, user=request.user, span=span, now=now)
    days = _columns(view, facts, shown, whose, now=now)
    if whose == me and view != "equipe":
        days = presenters.with_closed_hours(days, present=present)
    context = {
        "whose": whose,
        "is_mine": whose == me,
        "view": view,
        "title": _title(view, span),
        "days": days,
        "now": hour_grid.minute_of(local(now, whose.site.zone).time()),
        "groups": _groups(request, team, me, whose, view=view, day=day, present=present),
        "present": present,
    }
    return render(request, "operators/casework/desk/agenda.html", context)


def _whose(request: SignedRequest, me: Adviser, uuid: UUID) -> Adviser:
    if uuid is None or uuid == me.uuid:
        return me
    adviser = presenters.adviser_known(user=request.user, uuid=uuid)
    if adviser is None:
        raise Http404
    return adviser


def _span(view: str, day: date, zone: str) -> presenters.Span:
    if view != "semaine":
        return presenters.Span(day, day, zone)
    monday = monday_of(day)
    return presenters.Span(monday, monday + timedelta(days=6), zone)


def _title(view: str, span: presenters.Span) -> str:
    if view == "semaine":
        return f"Semaine du {long_day(span.first_on)}"
    return long_day(span.first_on).capitalize()


def _columns(view: str, facts: presenters.Facts, shown: Any, whose: Adviser, *, now: datetime) -> list[dict]:
    """A column for each colleague of a day, or for each day; Sunday only when something is on it."""
    if view == "equipe":
        day = facts.span.first_on
        return [presenters.agenda_day(facts, one, day, label=one.user.full_name, now=now) for one in shown]
    days = [
        presenters.agenda_day(facts, whose, day, label=short_day(day).capitalize(), now=now)
        for day in facts.span.days
    ]
    return days if view == "jour" or days[-1]["entries"] else days[:-1]


def _groups(
    request: HttpRequest,
    team: list[Adviser],
    me: Adviser,
    whose: Adviser,
    *,
    view: str,
    day: date,
    present: Any,
) -> list:
    def item(label: str, *, current: bool, **changes: Any) -> dict:
        query = request.GET.copy()
        for name, value in {"vue": view, "jour": day.isoformat(), **changes}.items():
            query[name] = value
        return {"label": label, "url": f"?{query.urlencode()}", "current": current}

    step = STEPS[view]
    views = [item(label, current=key == view, vue=key) for key, label in VIEWS.items()]
    moves = [
        item("‹ Avant", current=False, jour=(day - step).isoformat()),
        item("Aujourd’hui", current=day == present, jour=present.isoformat()),
        item("Après ›", current=False, jour=(day + step).isoformat()),
    ]
    groups = [{"label": "Vue", "items": views}, {"label": dated_day(day), "items": moves}]
    if view != "equipe":
        known = team if whose in team else [whose, *team]
        known = known if me in known else [me, *known]
        people = [
            item(
                "Moi" if adviser == me else adviser.user.full_name,
                current=adviser == whose,
                qui=str(adviser.uuid),
            )
            for adviser in known
        ]
        groups.append({"label": "Agenda de", "items": people})
    return groups
