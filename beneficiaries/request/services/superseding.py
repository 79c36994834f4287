"""Of several codes sent to one place, the last is the one; an earlier one says so (ADR 0052)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from beneficiaries.request import errors, rules
from cep_portal.common.days import PARIS, local
from cep_portal.common.wording.dates import hour, zone_label


def row_typed[Row: Any](row: Row, sent: Iterable[Row], code: str, *, zone: str = PARIS) -> Row:
    """The row to judge: that of the page, or the last one of `sent` when its code was typed on an older page.

    `sent` are the codes of the same use and contact. Raises CodeSuperseded for the code of an earlier
    message: no try is counted, who types it did receive it.
    """
    rows = sorted(sent, key=lambda other: (other.sent_at, other.pk))
    last = rows[-1] if rows else row
    if last.pk != row.pk and rules.code_matches(last, code):
        return last
    if any(rules.code_matches(other, code) for other in rows[:-1]):
        raise errors.CodeSuperseded(
            f"Ce code a été remplacé : un plus récent vous a été envoyé à {said(last.sent_at, zone)}."
            " Recopiez celui-là."
        )
    return row


def too_many(sent: Iterable[datetime], *, zone: str = PARIS) -> errors.CodesTooMany:
    """The refusal of one more code, with the hour from which one may be asked for."""
    until = min(sent) + timedelta(hours=1)
    return errors.CodesTooMany(
        "Cinq codes ont déjà été envoyés depuis une heure. Utilisez le dernier reçu,"
        f" ou demandez-en un autre à partir de {said(until + timedelta(minutes=1), zone)}.",
        until,
    )


def said(instant: datetime, zone: str) -> str:
    """« 14 h 32 (heure de Paris) »."""
    return f"{hour(local(instant, zone))} ({zone_label(zone)})"
