"""A form that opens on what stands carries its version (ADR 0058): read in the views and the templates."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VIEWS = sorted(
    path
    for app in ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
    for path in (ROOT / app).rglob("*.py")
    if "views" in (path.name.removesuffix(".py"), path.parent.name)
)
# A form opened with `initial=` creates, searches, or rewrites what one person alone writes. Why, for each.
NOT_SHARED = {
    "AbsenceForm": "creates",
    "AgreementForm": "creates: a key alone",
    "AnswerForm": "answers once: a second answer is refused",
    "CallForm": "creates",
    "CallerForm": "creates: a key alone",
    "CallerSearchForm": "searches",
    "CodeForm": "creates: a key alone",
    "ComplaintForm": "creates",
    "ConfirmForm": "creates: a key alone",
    "CoverageForm": "searches",
    "DayForm": "searches",
    "EarlierForm": "the person's own wish: the last word wins",
    "GroupSessionForm": "creates",
    "HandoverForm": "creates",
    "KeyForm": "creates: a key alone",
    "NeedForm": "the visitor's own session",
    "NeedsForm": "the holder's own hold",
    "NewNoteForm": "creates",
    "NewcomerForm": "creates",
    "NoteForm": "the visitor's own session (beneficiaries.triage)",
    "NothingFitsForm": "creates",
    "OpeningDayForm": "one's own hours of one day",
    "OpeningForm": "creates",
    "PackForm": "creates",
    "PathwaySearchForm": "searches",
    "PersonSearchForm": "searches",
    "PlaceForm": "the visitor's own session (beneficiaries.triage)",
    "PreferencesForm": "the person's own choices: the last word wins",
    "RecurringAbsenceForm": "creates",
    "ReferralForm": "creates",
    "ReplayForm": "asks a replay",
    "SessionLogForm": "logs once: a second log is refused",
    "SiteForm": "creates",
    "SituationForm": "the visitor's own session (beneficiaries.triage)",
    "TeamOpeningForm": "creates",
    "UnplannedSessionForm": "creates",
}
VERSIONED = {
    "ActionForm",
    "AttendanceForm",
    "CapacityForm",
    "CorrectionForm",
    "DoorForm",
    "IdentityForm",
    "MoveForm",
    "NoteForm",
    "ObjectiveForm",
    "PlaceForm",
    "SituationForm",
    "SubscriptionForm",
    "SummaryForm",
    "VersionForm",
}


def _calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Form"):
            yield node.func.id, {keyword.arg for keyword in node.keywords}


def test_a_form_opened_on_what_stands_has_a_version_or_a_reason():
    prefilled = {
        (form, path.relative_to(ROOT).as_posix())
        for path in VIEWS
        for form, given in _calls(path)
        if "initial" in given and "present" not in given
    }

    assert {form for form, _ in prefilled} == set(NOT_SHARED)
    # The triage asks questions of the same names; nothing there stands outside the visitor's session.
    assert {form for form, path in prefilled if form in VERSIONED and "/triage/" not in path} == set()


def test_the_list_of_edits_is_the_list_of_versions():
    edits = {form for path in VIEWS for form, given in _calls(path) if "present" in given}

    assert edits == VERSIONED


@pytest.mark.parametrize(
    "path", [path for path in VIEWS if any("present" in given for _, given in _calls(path))], ids=str
)
def test_a_view_that_edits_gives_what_was_seen_and_says_refusals(path):
    text = path.read_text()

    assert ".as_seen()" in text
    assert ".refuse(" in text


def test_every_edit_page_sends_its_version_back():
    edits = sum("present" in given for path in VIEWS for _, given in _calls(path))
    pages = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"{% ui_version form=", path.read_text()) and not path.name.startswith("components_")
    ]

    assert len(pages) == edits
