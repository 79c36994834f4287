"""Which columns speak of a person, why they are kept, and what becomes of them.

Each subject declares its models in its `personal_data.py`: `MANIFESTS`, and `IMPERSONAL` for models without a
column about a person. The export, the erasure, the merge of two files, the transfer to another operator
and the list of openings read these manifests, and know no model.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import ForeignObjectRel, Model, QuerySet


class _Kept:
    def __repr__(self) -> str:
        return "KEPT"


KEPT = _Kept()  # a fact that stays, without the identity it was tied to: figures never move


class Treatment(Enum):
    """What a merge does with the rows that point at the person it absorbs, or at the pathway it joins."""

    MOVES = "passe au dossier gardé"
    MOVES_IF_NONE = "passe au dossier gardé, s’il n’en a pas"
    ENDS = "prend fin"
    STAYS = "reste au doublon, et s’efface avec lui"


NOT_SENT = "reste"  # a transfer to another operator leaves the rows where they are


@dataclass(frozen=True)
class Readers:
    """Users expected to read one file: those who follow the person, and those of the same place."""

    own: frozenset[int]
    near: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FileKind:
    """Rows that agents open one by one, each opening a line of the journal that the person reads.

    `files` gives a person's rows and the readers of each; None when only a subject above knows them, and
    says so through `beneficiaries.rights.hooks.FILE_READERS`. `reasons` gives, by line of the journal, why
    who does not follow the person opened it; one query. `acts` gives the words of other acts, read beside.
    """

    label: str
    files: Callable[[Any], dict[int, Readers]] | None = None
    reasons: Callable[[Sequence[Any]], dict[int, str]] | None = None
    acts: Mapping[str, str] = field(default_factory=dict)

    def files_of(self, person: Any) -> dict[int, Readers]:
        """The person's rows, each with its readers. Raises ValueError when nobody has said them."""
        if self.files is None:
            raise ValueError(f"nobody gives the readers of « {self.label} »")
        return self.files(person)


@dataclass(frozen=True)
class Subject:
    """The person whose data are read or erased, with what each layer can recognise."""

    uuid: UUID
    beneficiary_id: int
    user_id: int | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True)
class PersonManifest:
    """One model. Each column is personal, sensitive or technical; the first two carry their fate.

    `personal` and `sensitive` map a column to KEPT, or to the value (or expression) written at erasure.
    `rows` gives a person's rows, None when no row is given to a person (those of agents). `extra` adds
    readable values to the export, `said` puts a column in words, `files` gives the names and contents of
    stored files, `left_out` what is held and not given, with why. `is_deleted` deletes the rows instead,
    `erase_with(subject, now)` replaces both.

    `on_merge` maps each column that points at a person, or at a pathway, to its treatment. `on_transfer` is
    the kind of item that carries the rows of a pathway to another operator, or NOT_SENT; None for a model
    that does not point at one. `opened` says that agents open the rows one by one.
    """

    model: type[Model]
    title: str
    purpose: str
    retention: str
    rows: Callable[[Subject], QuerySet] | None
    personal: Mapping[str, Any] = field(default_factory=dict)
    sensitive: Mapping[str, Any] = field(default_factory=dict)
    technical: tuple[str, ...] = ()
    extra: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    order: int = 50
    said: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    files: Callable[[Subject], Iterable[tuple[str, bytes]]] | None = None
    left_out: Callable[[Subject], Iterable[tuple[str, str]]] | None = None
    is_deleted: bool = False
    erase_with: Callable[[Subject, datetime], object] | None = None
    on_merge: Mapping[str, Treatment] = field(default_factory=dict)
    on_transfer: str | None = None
    opened: FileKind | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.personal, *self.sensitive, *self.technical)

    def of(self, subject: Subject) -> QuerySet:
        """The person's rows, oldest first."""
        if self.rows is None:
            return self.model.objects.none()  # type: ignore[attr-defined]  # each model of ours has it
        return self.rows(subject).order_by("pk")

    def erase(self, subject: Subject, now: datetime) -> None:
        """Take the identity away from the person's rows. Safe to run twice."""
        if self.erase_with is not None:
            self.erase_with(subject, now)
        elif self.is_deleted:
            self.of(subject).delete()
        else:
            changes = {**self.personal, **self.sensitive}
            written = {name: value for name, value in changes.items() if value is not KEPT}
            if written:
                self.of(subject).update(**written)


_declared: dict[type[Model], PersonManifest] = {}
_impersonal: set[type[Model]] = set()


def register(*manifests: PersonManifest) -> None:
    """Declare models that hold personal data; a second declaration of one model is an error."""
    for manifest in manifests:
        if manifest.model in _declared or manifest.model in _impersonal:
            raise ValueError(f"personal data declared twice: {manifest.model._meta.label}")
        _declared[manifest.model] = manifest


def register_impersonal(*models: type[Model]) -> None:
    """Declare models without a column about a person (reference data, contracts, computed figures)."""
    for model in models:
        if model in _declared or model in _impersonal:
            raise ValueError(f"personal data declared twice: {model._meta.label}")
        _impersonal.add(model)


def declarations() -> list[PersonManifest]:
    """Every manifest, in the order of the export."""
    return sorted(_declared.values(), key=lambda manifest: (manifest.order, manifest.model._meta.label_lower))


def columns_to(model: type[Model]) -> list[Any]:
    """Every column of the portal that points at a model, hidden relations too, by label."""
    related = model._meta.get_fields(include_hidden=True)
    columns = [
        relation.field
        for relation in related
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many
    ]
    return sorted(columns, key=label)


def label(column: Any) -> str:
    """« app.Model.column »."""
    return f"{column.model._meta.label}.{column.name}"


def treatment_of(column: Any) -> Treatment:
    """What a merge does with a column. Raises KeyError when its model does not say: a test sees it first."""
    return _declared[column.model].on_merge[column.name]


def undeclared_columns(models: list[type[Model]]) -> list[str]:
    """The columns nobody classified, or classified twice, or that do not exist: « app.Model.column »."""
    wrong = []
    for model in models:
        if model in _impersonal:
            continue
        name_of_model = model._meta.label
        known = _declared[model].columns if model in _declared else ()
        present = [column.name for column in model._meta.concrete_fields]
        wrong += [f"{name_of_model}.{name}" for name in present if known.count(name) != 1]
        wrong += [f"{name_of_model}.{name}" for name in known if name not in present]
    return sorted(set(wrong))
