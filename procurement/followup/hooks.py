"""What upper subjects know of the figure that a penalty names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from procurement.followup.models import Penalty


@dataclass(frozen=True)
class FigureShown:
    """A frozen figure, and what the same month counts since: `fresh` is empty when nothing moved."""

    uuid: UUID
    closing_number: int
    sha256: str
    frozen: str
    fresh: str

    @property
    def is_corrected(self) -> bool:
        """Whether the page of figures no longer says what the penalty says."""
        return bool(self.fresh) and self.fresh != self.frozen


FIGURES = Hook[Callable[["Penalty"], FigureShown | None]](
    "figure of a penalty", same=lambda _new, _known: True
)  # a penalty has one


def figure_shown(penalty: Penalty) -> FigureShown | None:
    """The frozen figure of a penalty; None when it was proposed before any month was frozen."""
    return next((shown for answer in FIGURES if (shown := answer(penalty))), None)
