from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from operators.casework.notes.models import Note, NoteRequest
from operators.casework.notes.selectors.content import Content, seal_content
from tests.clock import moved
from tests.factories.dates import instant
from tests.factories.operators import PathwayFactory

WRITTEN = moved("2026-11-20 10:00")


class NoteFactory(DjangoModelFactory):
    """A note sealed under the newest key; `text=` says what is written."""

    class Meta:
        model = Note
        exclude = ["text", "box"]

    text = "Le projet de reconversion avance."
    uuid = factory.LazyFunction(uuid4)
    pathway = factory.SubFactory(PathwayFactory)
    author = factory.SelfAttribute("pathway.adviser")
    written_at = instant("2026-11-20 10:00")
    box = factory.LazyAttribute(lambda row: seal_content(Content(text=row.text), uuid=row.uuid))
    key_id = factory.LazyAttribute(lambda row: row.box.key_id)
    sealed = factory.LazyAttribute(lambda row: row.box.data)


class NoteRequestFactory(DjangoModelFactory):
    """A person's request that waits."""

    class Meta:
        model = NoteRequest

    pathway = factory.SubFactory(PathwayFactory)
    asked_at = instant("2026-11-21 10:00")
