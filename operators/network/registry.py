"""What the public page of a site also shows: upper subjects fill this in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from operators.network.models import Site


@dataclass(frozen=True)
class Block:
    """A part of the page; `context(*, site, now)` returns None to stay hidden."""

    title: str
    order: int
    context: Callable[..., dict | None]
    template: str


_blocks: list[Block] = []


def register_block(*, title: str, order: int, context: Callable[..., dict | None], template: str) -> None:
    """Add a part to every site's page; the lowest order comes first."""
    if any(known.template == template for known in _blocks):
        raise ValueError(f"block registered twice: {template}")
    _blocks.append(Block(title, order, context, template))


def blocks_for(*, site: Site, now: datetime) -> list[dict]:
    """The parts that have something to say, each with the context of its template."""
    shown = []
    for block in sorted(_blocks, key=lambda one: (one.order, one.title)):
        context = block.context(site=site, now=now)
        if context is not None:
            shown.append({"title": block.title, "template": block.template, "context": context})
    return shown
