"""How SQL asks PostgreSQL for the time: seen in a statement, a trigger, a check, a default, a view."""

import re

FUNCTIONS = "now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday"
WORDS = "current_date|current_time|current_timestamp|localtime|localtimestamp"
CLOCK = re.compile(
    rf"""(?<![\w."])(?:(?:pg_catalog\.)?(?:{FUNCTIONS})\s*\(\s*\)|(?:{WORDS})\b(?!["(]?\s*\.))"""
    r"""|'(?:now|today|tomorrow|yesterday)'""",
    re.IGNORECASE,
)
LITERAL = re.compile(r"'(?!(?:now|today|tomorrow|yesterday)')(?:[^']|'')*'", re.IGNORECASE)


def clock_read_by(sql: str) -> str | None:
    """What reads the database's clock in SQL, or None. Other text between quotes is no SQL."""
    read = CLOCK.search(LITERAL.sub("''", sql))
    return read.group() if read else None
