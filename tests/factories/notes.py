from datetime import UTC, datetime
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from operators.casework.notes.models import Note, NoteRequest
from operators.casework.notes.selectors.content import Content, seal_content
from tests.factories.operators import PathwayFactory

WRITTEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class NoteFactory(DjangoModelFactory):
    """A note sealed under the newest key; `text=` says what is written."""

    class Meta:
        model = Note
        exclude = ["text", "box"]

    text = "Le projet de reconversion avance."
    uuid = factory.LazyFunction(uuid4)
    pathway = factory.SubFactory(PathwayFactory)
    author = factory.SelfAttribute("pathway.adviser")
    written_at = WRITTEN
    box = factory.LazyAttribute(lambda one: seal_content(Content(text=one.text), uuid=one.uuid))
    key_id = factory.LazyAttribute(lambda one: one.box.key_id)
    sealed = factory.LazyAttribute(lambda one: one.box.data)


class NoteRequestFactory(DjangoModelFactory):
    """A person's request that waits."""

    class Meta:
        model = NoteRequest

    pathway = factory.SubFactory(PathwayFactory)
    asked_at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
