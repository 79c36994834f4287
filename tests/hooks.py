"""Answers of a test's own: what the portal's subjects answer comes back after it."""


def only(monkeypatch, hook, *contributions):
    """Ask these alone, in this order, until the end of the test."""
    monkeypatch.setattr(hook, "answers", [])
    hook.add(*contributions)
