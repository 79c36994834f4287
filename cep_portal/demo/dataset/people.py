from dataclasses import dataclass


@dataclass
class Person:
    """One person on the way: what remains to be done and what was written."""

    beneficiary: int
    request: int
    levels: list[str]
    mode: str
    booked_from: int  # the request's minute, then the last contact's
    pathway: int = 0
    done: int = 0
    reached_two: bool = False
