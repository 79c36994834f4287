"""What a page knows of an interrupted form: the words to give back, the token to send (ADR 0058)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django import forms

FIELD = "brouillon"


@dataclass(frozen=True)
class Typed:
    """`token` binds a long text to the account whose page asks for it; `values` is what was typed before."""

    token: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING = Typed()
_typed: ContextVar[Typed] = ContextVar("typed", default=NOTHING)


@contextmanager
def drawing(typed: Typed) -> Iterator[None]:
    reset = _typed.set(typed)
    try:
        yield
    finally:
        _typed.reset(reset)


def token() -> str:
    return _typed.get().token


def given_back(name: str) -> str | None:
    """The value that a field of this name had when the session ended; None when there was none."""
    values = _typed.get().values.get(name)
    return values[-1] if values else None


def fill(bound: Any) -> None:
    """Give a field of a form not sent yet the value it had when the session ended."""
    values = _typed.get().values
    if not values or bound.form.is_bound or isinstance(bound.field, forms.FileField):
        return
    if bound.html_name in values:
        several = isinstance(bound.field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        bound.initial = list(values[bound.html_name]) if several else values[bound.html_name][-1]
    elif any(bound.form.add_prefix(name) in values for name in bound.form.fields):
        # A box of that form that was not ticked is sent by no browser.
        if isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
            bound.initial = []
        elif isinstance(bound.field.widget, forms.CheckboxInput):
            bound.initial = False
