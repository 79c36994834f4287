from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from beneficiaries.request.presenters import they_read
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.notes import rules, selectors, services
from operators.casework.notes.errors import NoteRefused
from operators.casework.notes.forms import NewNoteForm, NoteForm, ReleaseForm
from operators.casework.notes.models import Note
from operators.casework.pathways.gates import pass_gate
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import adviser_of
from operators.network.models import Adviser


@require(rules.can_use_notes)
@require_safe
def note_list(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What was written of this person's sessions? Each reading is noted."""
    pathway, given = _pathway(request, uuid)
    versions = list(selectors.notes_of(pathway=pathway, user=request.user))
    if versions:
        services.record_reading(note=versions[0], data=given, by=request.user, now=timezone.now())
    context = {
        "pathway": pathway,
        "pages": selectors.pages(versions),
        "request_open": selectors.open_request(pathway=pathway),
    }
    return render(request, "operators/casework/notes/note_list.html", context)


@sensitive_post_parameters()
@sensitive_variables()
@require(rules.can_use_notes)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def note_add(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Write down what matters of a session or a call."""
    (pathway, _), author = _pathway(request, uuid), _author(request)
    sessions = list(pathway.sessions.all())
    named = request.GET.get("seance", "")
    logged = next((session for session in sessions if str(session.uuid) == named), None)
    initial = {"session": named, "themes": logged.themes if logged else []}
    form = NewNoteForm(request.POST or None, initial=initial, sessions=sessions)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_note(
                pathway=pathway,
                content=form.content(),
                session=form.chosen_session(),
                keep_reason=form.cleaned_data["keep_reason"],
                author=author,
                now=timezone.now(),
            )
        except NoteRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Note enregistrée.")
            return redirect("operators:pathway_detail", uuid)
    return render(
        request, "operators/casework/notes/note_form.html", {"pathway": pathway, "form": form, "note": None}
    )


@sensitive_post_parameters()
@sensitive_variables()
@require(rules.can_use_notes)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def note_correct(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Correct a note by a new version; the former one stays."""
    note, author, now = selectors.note_of(user=request.user, uuid=uuid), _author(request), timezone.now()
    if note is None:
        raise Http404
    given = pass_gate(request, note.pathway)
    form = _correction_form(request, note)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_note(
                note=note,
                content=form.content(),
                keep_reason=form.cleaned_data["keep_reason"],
                seen=form.as_seen(),
                author=author,
                now=now,
            )
        except NoteRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Note corrigée. La version d’avant reste lisible.")
            return redirect("operators:note_list", note.pathway.uuid)
    services.record_reading(note=note, data=given, by=request.user, now=now)
    context = {"pathway": note.pathway, "form": form, "note": note}
    return render(request, "operators/casework/notes/note_form.html", context)


def _correction_form(request: HttpRequest, note: Note) -> NoteForm:
    (page,) = selectors.pages([note])
    return NoteForm(request.POST or None, present=selectors.written(page.content))


@require(rules.can_use_notes)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def note_release(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Give a person the notes they asked to read; what is kept back says why."""
    asked, now = selectors.request_of(user=request.user, uuid=uuid), timezone.now()
    if asked is None:
        raise Http404
    given = pass_gate(request, asked.pathway)
    versions = list(selectors.notes_of(pathway=asked.pathway, user=request.user))
    data = request.POST if request.method == "POST" else None  # nothing kept back sends no answer
    form = ReleaseForm(data, notes=versions)
    if request.method == "POST" and form.is_valid():
        try:
            services.release_notes(request=asked, withheld=form.withheld(), by=request.user, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Notes remises. {they_read(asked.pathway.beneficiary, at=now)}")
            return redirect("operators:pathway_detail", asked.pathway.uuid)
    if versions:
        services.record_reading(note=versions[0], data=given, by=request.user, now=now)
    context = {
        "asked": asked,
        "pathway": asked.pathway,
        "form": form,
        "rows": [
            {"page": page, "field": form.field_of(page.note), "former": _former(form, page)}
            for page in selectors.pages(versions)
        ],
        "answer_by": selectors.answer_by(asked),
    }
    return render(request, "operators/casework/notes/note_release.html", context)


def _former(form: ReleaseForm, page: selectors.Page) -> list[dict]:
    return [{"note": note, "content": content, "field": form.field_of(note)} for note, content in page.former]


def _pathway(request: SignedRequest, uuid: UUID) -> tuple[Pathway, dict]:
    pathway = selectors.pathway_of(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    return pathway, pass_gate(request, pathway)


def _author(request: SignedRequest) -> Adviser:
    """Who writes: an adviser's card of the organisation, which a fresh account may not have yet."""
    author = adviser_of(user=request.user)
    if author is None:
        raise Http404
    return author
