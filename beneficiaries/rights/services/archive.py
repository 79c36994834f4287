"""One archive of all that is kept about a person: JSON for machines, a page for people, the documents."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights import selectors
from beneficiaries.rights.wording import ACT, act_in_words
from cep_portal.common import personal_data
from cep_portal.common.personal_data import PersonManifest, Subject
from cep_portal.common.place import marked_name, marked_title
from cep_portal.common.wording.dates import long_day, long_instant

STEPS_APART = 2  # the reading log, then the archive itself


def step_count() -> int:
    return len(personal_data.declarations()) + STEPS_APART


def build_archive(
    *, beneficiary: Beneficiary, now: datetime, step: Callable[[int], object] = lambda _done: None
) -> bytes:
    """The zip of a person; `step(n)` is told after each part."""
    subject = selectors.subject_of(beneficiary)
    sections, files, left_out = [], [], []
    for done, person_manifest in enumerate(personal_data.declarations(), start=1):
        if person_manifest.rows is not None:
            sections.append(_section(person_manifest, subject))
        if person_manifest.files is not None:
            files += list(person_manifest.files(subject))
        if person_manifest.left_out is not None:
            left_out += list(person_manifest.left_out(subject))
        step(done)
    sections.append(_reading_log(beneficiary))
    content = _zip(sections, files, left_out, now)
    step(step_count())
    return content


def _section(person_manifest: PersonManifest, subject: Subject) -> dict:
    rows = [_row(person_manifest, row) for row in person_manifest.of(subject)]
    return {
        "title": person_manifest.title,
        "purpose": person_manifest.purpose,
        "retention": person_manifest.retention,
        "rows": rows,
    }


def _row(person_manifest: PersonManifest, row: Model) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in (*person_manifest.personal, *person_manifest.sensitive):
        field: Any = row._meta.get_field(name)
        words = person_manifest.said.get(name)
        values[str(field.verbose_name)] = plain(words(row) if words else _said(row, field))
    values.update({label: plain(read(row)) for label, read in person_manifest.extra.items()})
    return values


def _said(row: Model, field: Any) -> Any:
    """What a person reads: the label of a choice, never its code."""
    value = getattr(row, field.name)
    inner = getattr(field, "base_field", None)
    if inner is not None and isinstance(value, list):
        labels = dict(inner.flatchoices)
        return [labels.get(one, one) for one in value]
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    return value


def plain(value: Any) -> Any:
    """A value that JSON can hold; ranges are a start and an end."""
    if value is None or isinstance(value, bool | int | float | str):
        value = value.value if isinstance(value, Enum) else value
        return act_in_words(value) if isinstance(value, str) and ACT.fullmatch(value) else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return {"début": plain(value.lower), "fin": plain(value.upper)}
    return str(value) if isinstance(value, UUID | Model) else repr(value)


def _reading_log(beneficiary: Beneficiary) -> dict:
    lines = list(selectors.opening_lines(beneficiary=beneficiary))
    rows = [
        {
            "le": plain(opening.at),
            "dossier": opening.label,
            "rôle": opening.role,
            "organisme": opening.organisation,
            "lien avec vous": opening.reader,
        }
        for opening in selectors.openings(beneficiary=beneficiary, lines=lines)
    ]
    return {
        "title": "Qui a ouvert votre dossier",
        "purpose": "Vous permettre de savoir qui a lu votre dossier.",
        "retention": "Douze mois.",
        "rows": rows,
    }


def _zip(
    sections: list[dict],
    files: list[tuple[str, bytes]],
    left_out: list[tuple[str, str]],
    now: datetime,
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        facts = {
            "faite le": now.isoformat(),
            "non joint": [{"quoi": what, "pourquoi": why} for what, why in left_out],
            "parties": sections,
        }
        archive.writestr(marked_name("donnees.json"), json.dumps(facts, ensure_ascii=False, indent=2))
        shown = [
            {**section, "rows": [_readable(row) for row in section["rows"]]}
            for section in sections
            if section["rows"]
        ]
        context = {"sections": shown, "left_out": left_out, "has_files": bool(files), "now": now}
        page = render_to_string("beneficiaries/rights_archive.html", context)
        archive.writestr(marked_name("mes-donnees.html"), marked_title(page))
        for name, content in files:
            archive.writestr(f"documents/{marked_name(name)}", content)
    return buffer.getvalue()


def _readable(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(label, _in_words(value)) for label, value in row.items()]


def _in_words(value: Any) -> str:
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(_in_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} : {_in_words(one)}" for key, one in value.items())
    return _moment_in_words(str(value))


def _moment_in_words(text: str) -> str:
    """An ISO instant or day as people write it; any other text as it is."""
    if len(text) < 10 or text[4:5] != "-":
        return text
    try:
        if len(text) == 10:
            return long_day(date.fromisoformat(text))
        return f"{long_instant(datetime.fromisoformat(text))} (heure de Paris)"
    except ValueError:
        return text
