from beneficiaries.triage.forms.questions import (
    NeedForm,
    NoteForm,
    PlaceForm,
    SituationForm,
)

__all__ = [
    "NeedForm",
    "NoteForm",
    "PlaceForm",
    "SituationForm",
]
