from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.enums import AccessNeed, CommuneBasis, Need, Situation, Urgency
from beneficiaries.request.hooks import next_steps
from beneficiaries.request.rules import plans_to_resign
from beneficiaries.request.services import RequestFacts, begin_here
from beneficiaries.triage.documents import FILE_NAME, note_context, note_pdf
from beneficiaries.triage.forms import NeedForm, NoteForm, PlaceForm, SituationForm
from beneficiaries.triage.forms.answers import (
    Answers,
    fresh_answers,
    keep_answers,
    read_answers,
)
from beneficiaries.triage.rules import orientation_for
from beneficiaries.triage.selectors import operator_of
from cep_portal.common.access import public
from cep_portal.common.bodies import without_data
from cep_portal.common.errors import DomainError
from cep_portal.common.throttle import count_try, throttled
from cep_portal.territories.models import Commune
from cep_portal.territories.selectors import commune_by_code

PAGES = {
    "situation": "beneficiaries:start",
    "commune": "beneficiaries:triage_commune",
    "needs": "beneficiaries:triage_need",
    None: "beneficiaries:triage_check",
}
SITUATION_HINTS = {
    Situation.EXECUTIVE: "En poste ou en recherche d’emploi",
    Situation.PUBLIC_AGENT: "État, collectivité, hôpital public",
}


@without_data
@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Is this for me, what will happen?"""
    return render(request, "beneficiaries/home.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("triage", limit=60, seconds=60)
def start(request: HttpRequest) -> HttpResponse:
    """First question: the situation decides the door. `lieu` is the place whose button led here."""
    answers = fresh_answers(request.session)
    form = SituationForm(request.POST or None, initial={"situation": answers.situation})
    if request.method == "POST" and form.is_valid():
        answers.situation = form.cleaned_data["situation"]
        answers.place = request.GET.get("lieu", answers.place)[:80]
        keep_answers(request.session, answers)
        if orientation_for(answers.situation).doors:
            return redirect("beneficiaries:triage_door")
        return _next_question(answers)
    context = {"form": form, "hints": SITUATION_HINTS}
    return render(request, "beneficiaries/triage_situation.html", context)


def _next_question(answers: Answers) -> HttpResponse:
    return redirect(PAGES[answers.missing_step()])


@public
@never_cache
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Where are my answers? No longer here: the session ended, or began in another browser."""
    return render(request, "beneficiaries/triage_gone.html")


@public
@never_cache
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Which other door, and why? Some people may still go on here."""
    answers = read_answers(request.session)
    if not answers.situation:
        return redirect("beneficiaries:triage_gone")
    context = {
        "orientation": orientation_for(answers.situation),
        "next_url": PAGES[answers.missing_step()],
    }
    return render(request, "beneficiaries/triage_door.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("triage", limit=60, seconds=60)
def commune(request: HttpRequest) -> HttpResponse:
    """Second question: where the person lives or works decides the operator."""
    answers = read_answers(request.session)
    if not _may_go_on(answers):
        return redirect(_way_back(answers))
    form = PlaceForm(
        request.POST or None,
        initial={
            "commune_text": answers.commune_name,
            "commune": answers.commune,
            "commune_basis": answers.commune_basis,
        },
    )
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["commune"]
        answers.commune, answers.commune_name = place.code, place.name
        answers.commune_basis = form.cleaned_data["commune_basis"]
        keep_answers(request.session, answers)
        return _next_question(answers)
    return render(
        request,
        "beneficiaries/triage_commune.html",
        {"form": form, "back": _before_commune(answers)},
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("note", limit=20, seconds=600)
def note(request: HttpRequest) -> HttpResponse:
    """What do I say at the other door? A note from my answers, to print or keep; nothing is stored."""
    answers = read_answers(request.session)
    if not answers.situation:
        return redirect("beneficiaries:triage_gone")
    if not orientation_for(answers.situation).doors:
        return redirect("beneficiaries:start")
    told = {"needs": answers.needs, "urgency": answers.urgency, "access_needs": answers.access_needs}
    form = NoteForm(request.POST or None, initial={**told, "urgency": told["urgency"] or Urgency.NO_HURRY})
    made = None
    if request.method == "POST" and form.is_valid():
        count_try(request)
        made = note_context(situation=answers.situation, answers=form.cleaned_data, now=timezone.now())
        if request.POST.get("faire") == "pdf":
            return _note_file(made)
        if request.POST.get("faire") == "corriger":
            form, made = NoteForm(initial=form.cleaned_data), None
    context = {"form": form, "note": made, "kept": _kept(form) if made else []}
    return render(request, "beneficiaries/triage_note.html", context)


def _kept(form: NoteForm) -> list[tuple[str, str]]:
    """The answers travel with the page, not in the session."""
    clean = form.cleaned_data
    several = [(name, value) for name in ("needs", "access_needs") for value in clean[name]]
    return [*several, ("urgency", clean["urgency"])]


def _note_file(made: dict) -> HttpResponse:
    return HttpResponse(
        note_pdf(made),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


def _may_go_on(answers: Answers) -> bool:
    return bool(answers.situation) and orientation_for(answers.situation).is_eligible


def _way_back(answers: Answers) -> str:
    return "beneficiaries:triage_door" if answers.situation else "beneficiaries:triage_gone"


def _before_commune(answers: Answers) -> str:
    asked = orientation_for(answers.situation).doors
    return "beneficiaries:triage_door" if asked else "beneficiaries:start"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("triage", limit=60, seconds=60)
def need(request: HttpRequest) -> HttpResponse:
    """Third question: the needs, what presses, and what a good welcome takes."""
    answers = read_answers(request.session)
    if not _may_go_on(answers):
        return redirect(_way_back(answers))
    if not answers.commune:
        return redirect(PAGES["commune"])
    form = NeedForm(
        request.POST or None,
        initial={
            "needs": answers.needs,
            "urgency": answers.urgency or Urgency.NO_HURRY,
            "access_needs": answers.access_needs,
        },
    )
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(answers, name, value)
        keep_answers(request.session, answers)
        return redirect("beneficiaries:triage_check")
    hints = {Need.RESIGN_TO_RETRAIN: "À demander avant de démissionner : nous datons votre demande"}
    return render(request, "beneficiaries/triage_need.html", {"form": form, "hints": hints})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("register", limit=20, seconds=600)
def check(request: HttpRequest) -> HttpResponse:
    """Check your answers, see who receives you, then choose an hour."""
    answers = read_answers(request.session)
    if not _may_go_on(answers):
        return redirect(_way_back(answers))
    if answers.missing_step():
        return redirect(PAGES[answers.missing_step()])
    place = commune_by_code(answers.commune)
    if place is None:
        return redirect(PAGES["commune"])
    refusal = ""
    if request.method == "POST":
        try:
            return _go_on(request, answers, place)
        except DomainError as error:
            refusal = str(error)
    context = {
        "rows": _rows(answers, place),
        "contract": operator_of(commune=place, now=timezone.now()),
        "place": place,
        "resigns": plans_to_resign(answers.needs, answers.urgency),
        "refusal": refusal,
    }
    return render(request, "beneficiaries/triage_check.html", context)


def _go_on(request: HttpRequest, answers: Answers, place: Commune) -> HttpResponse:
    """To the hours. Who plans to resign has the request dated now (R5422-2-1); others, by their next act."""
    now = timezone.now()
    facts = RequestFacts(
        situation=answers.situation,
        commune=place,
        commune_basis=answers.commune_basis,
        needs=answers.needs,
        urgency=answers.urgency,
        access_needs=answers.access_needs,
    )
    asked = begin_here(
        session=request.session,
        user=request.user,
        facts=facts,
        key=UUID(answers.key),
        place=answers.place,
        now=now,
    )
    return redirect(next_steps(service_request=asked, is_holder=True, now=now)[0].url)


def _rows(answers: Answers, place: Commune) -> list[dict]:
    welcome = [AccessNeed(value).label for value in answers.access_needs]
    label = CommuneBasis(answers.commune_basis).label
    basis = label[0].lower() + label[1:]  # inside a sentence
    rows = (
        ("Votre situation", Situation(answers.situation).label, "start"),
        ("Votre commune", f"{place.name} ({place.department.code}), {basis}", "triage_commune"),
        ("Ce qui vous amène", ", ".join(Need(value).label for value in answers.needs), "triage_need"),
        ("Une date approche ?", Urgency(answers.urgency).label, "triage_need"),
        ("Votre accueil", ", ".join(welcome) or "Rien de particulier", "triage_need"),
    )
    return [
        {"label": label, "value": value, "change_url": reverse(f"beneficiaries:{page}")}
        for label, value, page in rows
    ]
