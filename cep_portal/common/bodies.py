"""What a view declares of the requests it takes, for cep_portal.serving and the day the database is away."""

from collections.abc import Callable
from typing import Any


def takes_up_to(setting: str) -> Callable:
    """The view takes bodies of as many bytes as this setting says, instead of PORTAL_BODY_BYTES."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        view.largest_body = setting  # type: ignore[attr-defined]  # read by cep_portal.serving.limits
        return view

    return decorate


def without_data(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view reads no database: it answers while PostgreSQL is away (cep_portal.common.refusals)."""
    view.without_data = True  # type: ignore[attr-defined]  # read by cep_portal.common.refusals
    return view
