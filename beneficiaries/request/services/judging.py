"""What becomes of a code that somebody copies, whatever it is for (ADR 0052): booking, signing in, a right.

Of several codes sent to one place, the last is the one; an earlier one says so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from beneficiaries.request import errors, rules
from cep_portal.common.days import PARIS, local
from cep_portal.common.errors import DomainError
from cep_portal.common.wording.dates import hour, zone_note
from cep_portal.common.wording.numbers import plural


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


def refusal_of(row: Any, code: str, now: datetime) -> DomainError | None:
    """Why a code is refused; a wrong one is counted as a try, on a used row too.

    CodeExpired, CodeExhausted after five tries, CodeUsed (the right code, again), CodeWrong; to be raised
    outside the transaction, which keeps the try.
    """
    if over := over_of(row, row.expires_at, now):
        return over
    if rules.code_matches(row, code):
        return errors.CodeUsed("Ce code a déjà servi.") if row.used_at is not None else None
    return count_try(row, "Ce code ne convient pas.", errors.CodeWrong)


def over_of(row: Any, ends_at: datetime, now: datetime) -> DomainError | None:
    """CodeExpired or CodeExhausted when nothing copied on this row can be right any more."""
    if ends_at <= now:
        return errors.CodeExpired("Ce code n’est plus valable. Demandez-en un nouveau.")
    if row.attempts >= rules.CODE_ATTEMPTS:
        return errors.CodeExhausted("Trop d’essais avec ce code. Demandez-en un nouveau.")
    return None


def count_try(row: Any, words: str, refusal: type[DomainError]) -> DomainError:
    row.attempts += 1
    row.save(update_fields=["attempts"])
    left = rules.CODE_ATTEMPTS - row.attempts
    return refusal(f"{words} Il vous reste {left} essai{plural(left)}.")


def check_quota(recent: QuerySet, *, now: datetime, zone: str = PARIS) -> None:
    """Raise CodesTooMany when five of these rows were sent within the hour."""
    sent = recent.filter(sent_at__gt=now - timedelta(hours=1)).order_by("-sent_at")
    instants = list(sent.values_list("sent_at", flat=True)[: rules.CODES_AN_HOUR])
    if len(instants) >= rules.CODES_AN_HOUR:
        raise too_many(instants, zone=zone)


def too_many(sent: Iterable[datetime], *, zone: str = PARIS) -> errors.CodesTooMany:
    """The refusal of one more code, with the hour from which one may be asked for."""
    until = min(sent) + timedelta(hours=1)
    return errors.CodesTooMany(
        "Cinq codes ont déjà été envoyés depuis une heure. Utilisez le dernier reçu,"
        f" ou demandez-en un autre à partir de {said(until + timedelta(minutes=1), zone)}.",
        until,
    )


def said(instant: datetime, zone: str) -> str:
    """« 14 h 32 (heure de La Réunion) »."""
    return f"{hour(local(instant, zone))}{zone_note(zone)}"
