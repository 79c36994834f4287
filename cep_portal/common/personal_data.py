"""Which columns speak of a person, why they are kept, and how they are given back or erased.

Each app declares its models in AppConfig.ready(); the export, the erasure and the purge know no model.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet


class _Kept:
    def __repr__(self) -> str:
        return "KEPT"


KEPT = _Kept()  # a fact that stays, without the identity it was tied to: figures never move


@dataclass(frozen=True)
class Subject:
    """The person whose data are read or erased, with what each layer can recognise."""

    uuid: UUID
    beneficiary_id: int
    user_id: int | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True)
class PersonalData:
    """One model. Each column is personal, sensitive or technical; the first two carry their fate.

    `personal` and `sensitive` map a column to KEPT, or to the value (or expression) written at erasure.
    `rows` gives a person's rows, None when the model speaks of agents only. `extra` adds readable values to
    the export, `files` the names and contents of stored files. `is_deleted` deletes the rows instead,
    `erase_with(subject, now)` replaces both.
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
    files: Callable[[Subject], Iterable[tuple[str, bytes]]] | None = None
    is_deleted: bool = False
    erase_with: Callable[[Subject, datetime], object] | None = None

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


_declared: dict[type[Model], PersonalData] = {}
_impersonal: set[type[Model]] = set()


def register(*declarations: PersonalData) -> None:
    """Declare models that hold personal data; a second declaration of one model is an error."""
    for one in declarations:
        if one.model in _declared or one.model in _impersonal:
            raise ValueError(f"personal data declared twice: {one.model._meta.label}")
        _declared[one.model] = one


def register_impersonal(*models: type[Model]) -> None:
    """Declare models without a column about a person (reference data, contracts, computed figures)."""
    for model in models:
        if model in _declared or model in _impersonal:
            raise ValueError(f"personal data declared twice: {model._meta.label}")
        _impersonal.add(model)


def declarations() -> list[PersonalData]:
    """Every declared model, in the order of the export."""
    return sorted(_declared.values(), key=lambda one: (one.order, one.model._meta.label_lower))


def undeclared_columns(models: list[type[Model]]) -> list[str]:
    """The columns nobody classified, or classified twice, or that do not exist: « app.Model.column »."""
    wrong = []
    for model in models:
        if model in _impersonal:
            continue
        label = model._meta.label
        known = _declared[model].columns if model in _declared else ()
        present = [one.name for one in model._meta.concrete_fields]
        wrong += [f"{label}.{name}" for name in present if known.count(name) != 1]
        wrong += [f"{label}.{name}" for name in known if name not in present]
    return sorted(set(wrong))
