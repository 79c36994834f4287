class DomainError(Exception):
    """A refusal a person can understand: its text is French and shown as it is."""

    code = "refused"
