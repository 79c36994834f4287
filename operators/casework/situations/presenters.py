"""Situations in words, from objects already loaded: no query here."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest

from beneficiaries.request.enums import Need
from cep_portal.common.wording.dates import dated_day, long_day
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from operators.casework.situations.enums import SituationPart
from operators.casework.situations.models import PathwaySituation
from operators.casework.situations.selectors.facts import facts_of

SILENT = "non précisé"
DAY = timedelta(days=1)


def said(situation: PathwaySituation, part: SituationPart) -> str:
    """The words of one part; an empty string when it says nothing."""
    if part == SituationPart.REASONS:
        return ", ".join(Need(value).label for value in situation.reasons)
    if part == SituationPart.DEPARTMENT:
        return str(situation.department) if situation.department else ""
    return getattr(situation, f"get_{part}_display")()


def parts_of(situation: PathwaySituation) -> list[dict]:
    """Each part that says something, for a summary list."""
    found = [{"label": part.label, "value": said(situation, part)} for part in SituationPart]
    return [one for one in found if one["value"]]


def period(situation: PathwaySituation) -> str:
    """« Depuis le 2 mars 2026 », « Du 2 mars 2026 au 4 mai 2026 », both days included."""
    if situation.ends_on is None:
        return f"Depuis le {long_day(situation.starts_on)}"
    last = situation.ends_on - DAY
    if last == situation.starts_on:
        return f"Le {long_day(last)}"
    return f"Du {long_day(situation.starts_on)} au {long_day(last)}"


def in_a_title(situation: PathwaySituation) -> str:
    """« depuis le 2 mars 2026 »: it says the same whatever ends it later."""
    return f"depuis le {long_day(situation.starts_on)}"


def changed_parts(before: PathwaySituation, after: PathwaySituation) -> list[SituationPart]:
    old, new = facts_of(before), facts_of(after)
    return [part for part in SituationPart if old.said(part) != new.said(part)]


def change_words(before: PathwaySituation, after: PathwaySituation) -> list[str]:
    """« Statut : En recherche d’emploi », for each part that is not what it was."""
    return [
        f"{part.label}{NO_BREAK_SPACE}: {said(after, part) or SILENT}"
        for part in changed_parts(before, after)
    ]


def with_before(
    present: Sequence[PathwaySituation],
) -> list[tuple[PathwaySituation, PathwaySituation | None]]:
    """Each of those held true, latest first, with the one it follows; None for the first of all."""
    return list(zip_longest(present, present[1:]))


def history_rows(situations: Sequence[PathwaySituation]) -> list[dict]:
    """What is held true now, latest first, each with what changed from the one before."""
    present = [situation for situation in situations if situation.replaced_at is None]
    return [
        {
            "situation": situation,
            "period": period(situation),
            "parts": parts_of(situation),
            "changed": [part.label for part in changed_parts(before, situation)] if before else [],
        }
        for situation, before in with_before(present)
    ]


def former_rows(situations: Sequence[PathwaySituation]) -> list[dict]:
    """What corrections replaced, latest correction first."""
    replaced = [situation for situation in situations if situation.replaced_at is not None]
    replaced.sort(key=lambda situation: (situation.replaced_at, situation.pk), reverse=True)
    return [
        {
            "situation": situation,
            "starts": long_day(situation.starts_on),
            "parts": parts_of(situation),
        }
        for situation in replaced
    ]


def part_labels(parts: Sequence[str]) -> str:
    return ", ".join(SituationPart(value).label for value in parts)


def later_words(situation: PathwaySituation, recorded_on: date) -> list[str]:
    """The second date, when it was written on another day than it is true from."""
    if recorded_on == situation.starts_on:
        return []
    return [f"noté le {dated_day(recorded_on)}"]
