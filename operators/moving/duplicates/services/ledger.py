"""What a merge wrote, in order, so that the undo gives everything back exactly."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from operators.moving.duplicates.models import MovedRows, PersonMerge


class Ledger:
    def __init__(self, merge: PersonMerge) -> None:
        self.merge = merge
        self.position = 0

    def note(
        self, model: type[Model], rows: Collection[int], former: Mapping[str, Any], present: Mapping[str, Any]
    ) -> None:
        """Rows of a table had `former` in these columns, and have `present`."""
        if not rows:
            return
        self.position += 1
        MovedRows.objects.create(
            merge=self.merge,
            position=self.position,
            model=model._meta.label,
            rows=sorted(rows),
            former={name: plain(value) for name, value in former.items()},
            present={name: plain(value) for name, value in present.items()},
        )


def plain(value: Any) -> Any:
    """As JSON keeps it, to the microsecond."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def columns_of(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values as the columns of a model hold them."""
    return {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}  # type: ignore[union-attr]  # a column


def give_back(moved: MovedRows) -> int:
    """Rows that still have what the merge wrote have again what they had; returns how many."""
    model = apps.get_model(moved.model)
    same: QuerySet = QuerySet(model).filter(pk__in=moved.rows, **columns_of(model, moved.present))
    return same.update(**columns_of(model, moved.former))
