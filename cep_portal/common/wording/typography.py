"""The marks of French typography that every formatter shares."""

NO_DATA = "—"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
