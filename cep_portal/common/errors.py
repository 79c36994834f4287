class DomainError(Exception):
    """A refusal a person can understand: its text is French and shown as it is."""

    code = "refused"
    told: dict[str, str] = {}  # what a program reads besides the sentence


class Detour(Exception):
    """This page cannot be shown; another says why and what to do: `middleware.detours` leads there."""

    to: str
