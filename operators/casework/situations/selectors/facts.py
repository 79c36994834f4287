"""What a situation says, apart from when: compared, copied and proposed as one value."""

from dataclasses import asdict, dataclass
from datetime import date

from beneficiaries.request.enums import CommuneBasis, Need
from beneficiaries.request.models import ServiceRequest
from operators.casework.situations.enums import STATUS_SAID, SituationPart
from operators.casework.situations.models import PathwaySituation


@dataclass(frozen=True)
class Facts:
    """`reasons` in the order of their list; an empty string, or no department, says nothing."""

    reasons: tuple[str, ...]
    status: str = ""
    contract_type: str = ""
    profession: str = ""
    sector: str = ""
    employer_size: str = ""
    department_id: str | None = None
    diploma: str = ""

    def __post_init__(self) -> None:
        known = tuple(value for value in Need.values if value in self.reasons)
        object.__setattr__(self, "reasons", known)

    def said(self, part: str) -> object:
        return self.department_id if part == SituationPart.DEPARTMENT else getattr(self, part)


def facts_of(situation: PathwaySituation) -> Facts:
    return Facts(
        reasons=tuple(situation.reasons),
        status=situation.status,
        contract_type=situation.contract_type,
        profession=situation.profession,
        sector=situation.sector,
        employer_size=situation.employer_size,
        department_id=situation.department_id,
        diploma=situation.diploma,
    )


def shown(facts: Facts, starts_on: date | None = None) -> dict:
    """A situation as its form shows it, with its day when it has one."""
    said = asdict(facts)
    said |= {"reasons": list(facts.reasons), "department": said.pop("department_id")}
    return said | ({"starts_on": starts_on} if starts_on else {})


def facts_said(request: ServiceRequest | None) -> Facts:
    """What the person said when asking, so that nobody asks again; what speaks of health is not copied."""
    if request is None:
        return Facts(reasons=())
    at_work = request.commune_basis == CommuneBasis.WORK
    return Facts(
        reasons=tuple(request.needs),
        status=STATUS_SAID.get(request.situation, ""),  # type: ignore[call-overload]  # values are the members
        department_id=request.commune.department_id if at_work else None,
    )
