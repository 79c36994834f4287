"""Who rewrites what others rewrite too reads both texts, and chooses (ADR 0058)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict

from cep_portal.common import drafts
from cep_portal.common.errors import DomainError
from cep_portal.common.wording.dates import hour, typed_day

FIELD = "version"
DIGITS = 16
SHOWN = re.compile(r"^\w+=[0-9a-f]{16}(,\w+=[0-9a-f]{16})*$")
EMPTY = "(vide)"


class ChangedMeanwhile(DomainError):
    """Somebody else wrote between the page and its answer; `present` is what stands now, by field."""

    code = "changed_meanwhile"

    def __init__(self, present: Mapping[str, Any]) -> None:
        super().__init__(
            "Quelqu’un d’autre vient de modifier ces réponses. Rien n’est perdu : comparez, puis enregistrez."
        )
        self.present = dict(present)


@dataclass(frozen=True)
class Seen:
    """What a page showed before it was written on, and what it asks for: digests by field."""

    shown: Mapping[str, str]
    wanted: Mapping[str, str]


def check_seen(seen: Seen | None, present: Mapping[str, Any]) -> None:
    """Under the lock of what is rewritten: nobody's words go unread. None when no page was shown (an API).

    A field that the other writer changed as we ask is no quarrel: a form sent twice is written once.
    Raises ChangedMeanwhile.
    """
    if seen is None:
        return
    now = digests(present)
    changed = [name for name, digest in seen.shown.items() if name in now and now[name] != digest]
    if any(seen.wanted.get(name) != now[name] for name in changed):
        raise ChangedMeanwhile(present)


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _digest(value) for name, value in values.items()}


def _digest(value: Any) -> str:
    return hashlib.sha256("\0".join(_plain(value)).encode()).hexdigest()[:DIGITS]


def _plain(value: Any) -> list[str]:
    """A value as a form and a row say it alike: no order of choices, no carriage return, no outer space."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [_text(value)]
    return sorted(_text(member) for member in value)


def _text(value: Any) -> str:
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, date | time):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Difference:
    """One field that two people wrote; `is_mine` when the second writer changed it too."""

    label: str
    mine: str
    theirs: str
    is_mine: bool


class VersionedForm(forms.Form):
    """The mixin of such forms: `present` is what stands, by field; it is shown, and its version comes back.

    The view gives `as_seen()` to the service, which checks it under its lock, and `refuse()` what it raises.
    """

    def __init__(self, *args: Any, present: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """Without `present` the same questions create: nothing is there to be rewritten."""
        if present is not None:
            kwargs["initial"] = {**present, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self._is_read = False  # what stands is what this answer shows
        self._present_version = self._written(present or {})

    @property
    def version_name(self) -> str:
        return self.add_prefix(FIELD)

    @property
    def version(self) -> str:
        """What the page shows was written on; of a form sent, as it was sent, until what stands is shown."""
        if self.is_bound and not self._is_read:
            return str(self.data.get(self.version_name, ""))
        return drafts.given_back(self.version_name) or self._present_version

    def as_seen(self) -> Seen | None:
        """For the service; None for a page without a version, open since before there were any."""
        if not self.version:
            return None
        wanted = {name: self._wanted(name, value) for name, value in self.cleaned_data.items()}
        return Seen(self._shown(), digests(wanted))

    def refuse(self, refusal: DomainError, *, field: str | None = None) -> None:
        """Say a refusal; when somebody else wrote first, keep what is typed and show both texts."""
        if isinstance(refusal, ChangedMeanwhile):
            self._compare(refusal.present)
        self.add_error(field if field in self.fields else None, str(refusal))

    def _shown(self) -> dict[str, str]:
        if not SHOWN.match(self.version):
            return dict.fromkeys(self.fields, "")
        return dict(pair.split("=") for pair in self.version.split(","))

    def _wanted(self, name: str, value: Any) -> Any:
        """A chosen row by what names it in the form."""
        key = getattr(self.fields.get(name), "to_field_name", None)
        return getattr(value, key) if key and isinstance(value, Model) else value

    def _compare(self, present: Mapping[str, Any]) -> None:
        """Both texts of each field that differs; what only the other writer touched is taken from them."""
        shown, data = self._shown(), cast("QueryDict", self.data).copy()
        for name, field in self.fields.items():
            if name not in present:
                continue
            theirs = self._wanted(name, present[name])
            mine = self._wanted(name, self.cleaned_data.get(name))
            if _digest(theirs) == _digest(mine):
                continue
            is_mine = _digest(mine) != shown.get(name)
            is_theirs = _digest(theirs) != shown.get(name)
            if is_theirs:
                said = Difference(str(field.label), _said(field, mine), _said(field, theirs), is_mine)
                self.differences.append(said)
            if not is_mine:
                _fill(data, self.add_prefix(name), theirs)
        self.data = data
        self.wrote(present)

    def wrote(self, present: Mapping[str, Any]) -> None:
        """What stands from now on: the page shown again was written on that."""
        self._present_version, self._is_read = self._written(present), True

    def _written(self, present: Mapping[str, Any]) -> str:
        shown = {name: self._wanted(name, value) for name, value in present.items() if name in self.fields}
        return ",".join(f"{name}={digest}" for name, digest in digests(shown).items())


def _fill(data: Any, name: str, value: Any) -> None:
    if isinstance(value, bool):
        value = ["on"] if value else []
    if isinstance(value, str) or not isinstance(value, Iterable):
        data[name] = _text(value)
    else:
        data.setlist(name, [_text(member) for member in value])


def _said(field: forms.Field, value: Any) -> str:
    """A value in the words of its field."""
    labels = dict(_labels(getattr(field, "choices", ())))
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    said = [labels.get(_text(member)) or _shown_alone(member) for member in values]
    return ", ".join(filter(None, said)) or EMPTY


def _shown_alone(value: Any) -> str:
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, date):
        return typed_day(value)
    return hour(value) if isinstance(value, time) else _text(value)


def _labels(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _labels(label)
        else:
            yield str(value), str(label)
