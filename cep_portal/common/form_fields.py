"""What the field component needs to know about a Django bound field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from cep_portal.common import day_fields, drafts


@dataclass(frozen=True)
class FieldView:
    bound: forms.BoundField
    label: str
    hint: str
    kind: str
    widget: str
    choices: list
    group_described_by: str
    is_optional: bool
    draft_token: str

    @property
    def hint_id(self) -> str:
        return f"{self.bound.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.bound.auto_id}_error"


def describe(
    bound: Any,
    *,
    label: str | None = None,
    hint: Any = None,
    autocomplete: Any = None,
    choice_hints: Any = None,
) -> FieldView:
    """Label, hint and errors of a field, tied to its widget by aria-describedby."""
    bound.help_text = hint if hint is not None else _with_example(bound)
    drafts.fill(bound)
    kind = _kind(bound.field.widget)
    # A placeholder vanishes when one types: the hint says it better.
    attrs: dict = {"placeholder": False}
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    return FieldView(
        bound=bound,
        label=bound.label if label is None else label,
        hint=bound.help_text,
        kind=kind,
        widget="" if kind == "choices" else bound.as_widget(attrs=attrs),
        choices=_choices(bound, choice_hints or {}) if kind == "choices" else [],
        group_described_by=_described_by(bound),
        # An answer that another one asks for is not « facultatif »: its hint says when it is wanted.
        is_optional=not bound.field.required and not getattr(bound.field, "is_conditional", False),
        draft_token=drafts.token() if isinstance(bound.field.widget, forms.Textarea) else "",
    )


def summary(form: Any) -> list[dict]:
    """Every error of a form with the anchor of the control to repair, in page order."""
    lines = [{"text": text, "anchor": None} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        lines += [{"text": text, "anchor": _anchor(bound)} for text in bound.errors]
    for bound in form.hidden_fields():
        lines += [{"text": text, "anchor": None} for text in bound.errors]
    return lines


def _with_example(bound: Any) -> str:
    """The hint of a field; the first one of its form where a day, or an hour, is typed says how, once."""
    example = getattr(bound.field, "hint", "")
    kind = type(bound.field)
    first = next((name for name, field in bound.form.fields.items() if isinstance(field, kind)), "")
    if not example or first != bound.name:
        return bound.help_text
    return f"{bound.help_text} {example.format(example=day_fields.example())}".strip()


def _described_by(bound: Any) -> str:
    ids = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def _kind(widget: Any) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "multiple_inputs"
    return "input"


def _choices(bound: Any, hints: Any) -> Any:
    return [
        {
            "tag": choice.tag(),
            "id": choice.id_for_label,
            "label": choice.choice_label,
            "hint": hints.get(choice.data["value"], "") or hints.get(str(choice.data["value"]), ""),
        }
        for choice in bound.subwidgets
    ]


def _anchor(bound: Any) -> Any:
    if _kind(bound.field.widget) == "choices":
        first = next(iter(bound.subwidgets), None)
        return first.id_for_label if first else None
    return bound.id_for_label


def choose_from(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], *, said: Callable[[Any], str] | None = None
) -> None:
    """Let a field choose among rows, each said by `said`, or by its own words."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = rows
    if said is not None:
        field.label_from_instance = said  # type: ignore[method-assign, assignment]  # no subclass for one sentence


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Let a field choose among values and their words."""
    cast("forms.ChoiceField", form.fields[name]).choices = choices
