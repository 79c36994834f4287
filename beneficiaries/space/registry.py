"""The panels of the personal space: each app adds its own in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from beneficiaries.request.models import Beneficiary


@dataclass(frozen=True)
class Panel:
    """A block of /mon-espace/; `context(*, beneficiary, now)` returns None to stay hidden."""

    title: str
    order: int
    context: Callable[..., dict | None]
    template: str


_panels: list[Panel] = []


def register_panel(*, title: str, order: int, context: Callable[..., dict | None], template: str) -> None:
    """Add a panel; the lowest order comes first (next appointment: 10, requests: 50)."""
    if any(known.template == template for known in _panels):
        raise ValueError(f"panel registered twice: {template}")
    _panels.append(Panel(title, order, context, template))


def panels_for(*, beneficiary: Beneficiary, now: datetime) -> list[dict]:
    """The panels that have something to say, each with the context of its template."""
    shown = []
    for panel in sorted(_panels, key=lambda one: (one.order, one.title)):
        context = panel.context(beneficiary=beneficiary, now=now)
        if context is not None:
            shown.append({"title": panel.title, "template": panel.template, "context": context})
    return shown


@dataclass(frozen=True)
class Page:
    """A page below /mon-espace/; `context(*, beneficiary, now)` gives what `template` reads as `panel`."""

    slug: str
    title: str
    text: str
    order: int
    context: Callable[..., dict]
    template: str


_pages: list[Page] = []


def register_page(page: Page) -> None:
    """Add a page to the personal space, with its card on the first screen; the lowest order comes first."""
    if page_at(page.slug) is not None:
        raise ValueError(f"page registered twice: {page.slug}")
    _pages.append(page)


def pages() -> list[Page]:
    return sorted(_pages, key=lambda one: (one.order, one.title))


def page_at(slug: str) -> Page | None:
    return next((one for one in _pages if one.slug == slug), None)
