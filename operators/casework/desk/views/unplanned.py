import uuid as uuids
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiaries.request.services import RequestFacts
from beneficiaries.request.services.callers import CallerDetails
from beneficiaries.triage.rules import orientation_for
from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from cep_portal.common.days import local
from cep_portal.common.errors import DomainError
from cep_portal.common.facts import grouped
from cep_portal.common.sent_once import sent_once
from operators.casework.desk.forms import NewcomerForm, PersonSearchForm
from operators.casework.desk.selectors import MOST_PEOPLE, find_people, perhaps_known, person_known
from operators.casework.desk.services import register_newcomer
from operators.casework.pathways import hooks, rules, selectors
from operators.casework.pathways.errors import LogRefused
from operators.casework.pathways.forms import UnplannedSessionForm
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import SessionFacts, log_unplanned_session
from operators.network.enums import Mode
from operators.network.models import Adviser

SEARCH_KEY = "unplanned_search"
USUAL = timedelta(minutes=30)  # a call; the adviser changes it in the form


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
def unplanned_start(request: SignedRequest) -> HttpResponse:
    """Whom have I just received without an appointment? The name is kept out of the address."""
    if request.method == "POST":
        asked = PersonSearchForm(request.POST)
        request.session[SEARCH_KEY] = asked.cleaned_data["recherche"] if asked.is_valid() else ""
        return redirect("operators:unplanned_start")
    search = request.session.get(SEARCH_KEY, "")
    context = {
        "form": PersonSearchForm(initial={"recherche": search}),
        "search": search,
        "people": find_people(user=request.user, text=search),
        "most": MOST_PEOPLE,
    }
    return render(request, "operators/casework/desk/unplanned_start.html", context)


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def unplanned_session(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was done with this person, whom nobody expected? The same screen, without appointment."""
    person = person_known(user=request.user, uuid=uuid)
    if person is None:
        raise Http404
    adviser = selectors.adviser_of(user=request.user)
    if adviser is None:
        return render(request, "operators/casework/pathways/no_adviser.html")
    pathway = selectors.pathway_with(beneficiary=person, adviser=adviser)
    form = _form(request, adviser, pathway)
    if request.method == "POST" and form.is_valid():
        try:
            session = log_unplanned_session(
                beneficiary=person,
                adviser=adviser,
                **grouped(form.facts(), facts=SessionFacts),
                by=request.user,
                now=timezone.now(),
            )
        except LogRefused as refusal:
            form.add_error(form.field_of(refusal), str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Séance saisie.")
            return redirect(hooks.url_after(session, then=request.POST.get("puis", "")))
    record_opening(target=person, by=request.user, now=timezone.now())
    context = {
        "person": person,
        "adviser": adviser,
        "form": form,
        "pathway": pathway,
        "buttons": hooks.SECOND_BUTTONS,
        "waiting": selectors.waiting_log(user=request.user, beneficiary=person, now=timezone.now()),
    }
    return render(request, "operators/casework/desk/unplanned_session.html", context)


def _form(request: HttpRequest, adviser: Adviser, pathway: Pathway | None) -> UnplannedSessionForm:
    zone = adviser.site.zone
    started = local(timezone.now() - USUAL, zone).replace(second=0, microsecond=0)
    started -= timedelta(minutes=started.minute % 5)
    initial = {
        "level": selectors.last_level(pathway=pathway),
        "mode": Mode.PHONE,
        "held_on": started.date(),
        "starts": started.time(),
        "duration_minutes": USUAL // timedelta(minutes=1),
    }
    return UnplannedSessionForm(request.POST or None, initial=initial, day=started.date(), zone=zone)


@require(rules.can_log_sessions)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def newcomer(request: SignedRequest) -> HttpResponse:
    """Who is this person nobody knows here? A request first, at its instant, then the session."""
    form = NewcomerForm(request.POST or None, initial={"key": uuids.uuid4()})
    context: dict = {"form": form, "known": []}
    if request.method == "POST" and form.is_valid():
        orientation = orientation_for(form.cleaned_data["situation"])
        if not orientation.is_eligible:
            return render(
                request, "operators/casework/desk/newcomer_elsewhere.html", {"orientation": orientation}
            )
        if not form.cleaned_data["is_another"]:
            context["known"] = perhaps_known(user=request.user, **form.names())
        if not context["known"]:
            try:
                person = register_newcomer(
                    caller=CallerDetails(**form.names()),
                    **grouped(form.answers(), facts=RequestFacts),
                    by=request.user,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("operators:unplanned_session", person.uuid)
    return render(request, "operators/casework/desk/newcomer.html", context)
