"""A summary in rows, from objects already loaded: no query here."""

from collections.abc import Iterable
from datetime import datetime

from operators.casework.summaries import rules
from operators.casework.summaries.models import SummaryDocument, SummaryShare


def headings(summary: SummaryDocument) -> list[dict]:
    """The headings that were written, with their words."""
    written = ((title, getattr(summary, name)) for name, title in rules.HEADINGS.items())
    return [{"title": title, "text": text} for title, text in written if text]


def share_rows(shares: Iterable[SummaryShare], *, now: datetime) -> list[dict]:
    """Each link given, whether it still opens the file, and when it did."""
    return [
        {
            "share": share,
            "is_open": share.revoked_at is None and share.expires_at > now,
            "readings": [reading.at for reading in share.readings.all()],
        }
        for share in shares
    ]
