"""A rule of a fact, said once for every channel: page, file and API (ADR 0056)."""

from dataclasses import dataclass

from cep_portal.common.errors import DomainError


@dataclass(frozen=True)
class FactRule:
    """What a fact must satisfy: `what` is said whatever the channel; `how` tells who sends a file to mend.

    `refusal` is the error that services raise; `column` is the one of the published format that is refused.
    """

    refusal: type[DomainError]
    what: str
    how: str
    column: str

    def error(self) -> DomainError:
        return self.refusal(self.what)
