from typing import Any

from django import forms
from django.utils import timezone

from cep_portal.common.versions import VersionedForm
from cep_portal.common.wording.dates import short_day
from operators.casework.notes import rules
from operators.casework.notes.enums import KeepReason, Seen, WithholdReason
from operators.casework.notes.models import Note
from operators.casework.notes.selectors.content import Content
from operators.casework.pathways.enums import Theme
from operators.casework.pathways.models import CounsellingSession

NO_SESSION = ("", "Hors séance")
NO_REASON = ("", "Choisir un motif")
GIVEN = ("", "Remise")


class NoteForm(VersionedForm):
    """Closed lists first, free words last; the reason is asked only when the screen found something."""

    themes = forms.MultipleChoiceField(
        label="Thèmes abordés", choices=Theme, widget=forms.CheckboxSelectMultiple, required=False
    )
    seen = forms.MultipleChoiceField(
        label="Ce qui a été vu", choices=Seen, widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label="Précisions",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        max_length=rules.LONGEST,
        required=False,
    )
    keep_reason = forms.ChoiceField(
        label="Pourquoi garder ces mots ?",
        choices=[NO_REASON, *KeepReason.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep_reason"].is_conditional = True  # type: ignore[attr-defined]  # read by form_fields

    def content(self) -> Content:
        data = self.cleaned_data
        return Content(tuple(data["themes"]), tuple(data["seen"]), data["text"])


class NewNoteForm(NoteForm):
    """A note of one session of the pathway, or of none (a call)."""

    session = forms.ChoiceField(label="Séance", required=False)

    def __init__(self, *args: Any, sessions: list[CounsellingSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(session.uuid): session for session in sessions}
        labels = [
            (uuid, f"{short_day(session.held_on)} {session.held_on:%Y}")
            for uuid, session in self.sessions.items()
        ]
        self.fields["session"].choices = [NO_SESSION, *labels]  # type: ignore[attr-defined]

    def chosen_session(self) -> CounsellingSession | None:
        return self.sessions.get(self.cleaned_data["session"])


class ReleaseForm(forms.Form):
    """One question for each version: given, or why not."""

    def __init__(self, *args: Any, notes: list[Note], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = notes
        for note in notes:
            written = timezone.localtime(note.written_at)
            self.fields[f"note_{note.pk}"] = forms.ChoiceField(
                label=f"Note du {short_day(written.date())}, version {note.version}",
                choices=[GIVEN, *((value, f"Non : {label}") for value, label in WithholdReason.choices)],
                required=False,
            )
            self.fields[f"note_{note.pk}"].is_conditional = True  # type: ignore[attr-defined]  # never shown as optional

    def field_of(self, note: Note) -> Any:
        return self[f"note_{note.pk}"]

    def withheld(self) -> dict[int, str]:
        answers = {note.pk: self.cleaned_data[f"note_{note.pk}"] for note in self.notes}
        return {key: reason for key, reason in answers.items() if reason}
