"""A hook: what a subject asks of those above it; each answers in its `contributions.py`."""

import operator
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer[Contribution]:
    order: int
    subject: str
    contribution: Contribution


class Hook[Contribution]:
    """A named list, filled once when the portal starts; read by order, then as added.

    `same` says which two contributions are the same: adding one twice raises ValueError.
    """

    def __init__(
        self, name: str, *, same: Callable[[Contribution, Contribution], object] = operator.eq
    ) -> None:
        self.name = name
        self.answers: list[Answer[Contribution]] = []
        self._same = same

    def add(self, *contributions: Contribution, order: int = 50) -> None:
        """Answer the hook; the subject that answers is the package of the calling module."""
        subject = (sys._getframemodulename(1) or "").rpartition(".")[0]  # noqa: SLF001 -- as enum and namedtuple do
        for contribution in contributions:
            if any(self._same(contribution, known) for known in self):
                raise ValueError(f"{self.name}: added twice: {contribution!r}")
            self.answers.append(Answer(order, subject, contribution))
        self.answers.sort(key=lambda answer: answer.order)

    def among(self, *own: tuple[int, Contribution]) -> list[Contribution]:
        """The answers with what the asking subject says itself, each at its order."""
        told = [(answer.order, answer.contribution) for answer in self.answers]
        return [contribution for _, contribution in sorted([*told, *own], key=lambda pair: pair[0])]

    def __iter__(self) -> Iterator[Contribution]:
        return iter([answer.contribution for answer in self.answers])
