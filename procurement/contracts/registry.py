"""Sections of the page of a contract, given by the subjects above: commitments, penalties, orders…"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cep_portal.accounts.models import User
from procurement.contracts.models import Contract


@dataclass(frozen=True)
class Panel:
    """`context(contract=, user=, on=)` gives what `template` reads, or None to stay away."""

    title: str
    template: str
    context: Callable[..., dict | None]
    order: int = 50


_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Add a section, called in AppConfig.ready(); the same title twice is an error."""
    if any(known.title == panel.title for known in _panels):
        raise ValueError(f"contract panel registered twice: {panel.title}")
    _panels.append(panel)


def panels_for(*, contract: Contract, user: User, on: date) -> list[dict]:
    """The sections to show, in order, each as {title, template, data}."""
    shown = []
    for panel in sorted(_panels, key=lambda one: (one.order, one.title)):
        data = panel.context(contract=contract, user=user, on=on)
        if data is not None:
            shown.append({"title": panel.title, "template": panel.template, "data": data})
    return shown
