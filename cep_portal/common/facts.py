"""From the values of a form to the facts that a service takes."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any


def grouped(values: Mapping[str, Any], **kinds: type) -> dict[str, Any]:
    """The values as arguments of a service: those that a dataclass of `kinds` names are gathered in it.

    `grouped({"title": …, "text": …}, terms=Terms)` is `{"title": …, "terms": Terms(text=…)}`.
    Raises TypeError when a field without a default is missing.
    """
    rest = dict(values)
    gathered = {}
    for argument, kind in kinds.items():
        own = {field.name: rest.pop(field.name) for field in fields(kind) if field.name in rest}
        gathered[argument] = kind(**own)
    return {**rest, **gathered}
