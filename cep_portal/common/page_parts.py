"""A part of one subject's page that another subject fills, through a hook of the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PagePart[Asked]:
    """`data` answers with what `template` reads, or None to stay away."""

    title: str
    template: str
    data: Callable[[Asked], dict | None]


@dataclass(frozen=True)
class ShownPart:
    title: str
    template: str
    data: dict


def is_same_part(new: PagePart, known: PagePart) -> bool:
    """A title stands once on a page."""
    return new.title == known.title


def shown_parts[Asked](parts: Iterable[PagePart[Asked]], asked: Asked) -> list[ShownPart]:
    """The parts that have something to say, in their order."""
    told = [(part, part.data(asked)) for part in parts]
    return [ShownPart(part.title, part.template, data) for part, data in told if data is not None]
