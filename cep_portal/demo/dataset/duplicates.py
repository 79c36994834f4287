"""People known twice by the named operator: one pair to compare, one made one that can be undone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from beneficiaries.request.enums import CommuneBasis, Need, Situation
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services import RequestFacts, register_request
from beneficiaries.request.services.callers import name_person
from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.selectors import in_order
from operators.moving.duplicates.services import find_duplicates, merge_people
from operators.network.models import Adviser

DAY = timedelta(days=1)


def build_duplicates(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Two people of the named adviser called again: the name was typed anew, the number is the same."""
    user = acting("conseil@operateurs.example")
    adviser = Adviser.objects.select_related("user", "site__contract", "site__commune").get(user=user)
    adviser.user = user
    pairs = [(person, _called_again(person, adviser, now=now - DAY)) for person in _followed(adviser, 2)]
    for pair in pairs[1:]:
        kept, absorbed = in_order(organisation=adviser.site.contract.holder_id, people=pair)
        merge_people(kept=kept, absorbed=absorbed, reason=MergeReason.CHECKED, by=user, now=now)
    find_duplicates(organisation=adviser.site.contract.holder, now=now)
    tell("doublons")


def _followed(adviser: Adviser, most: int) -> list[Beneficiary]:
    """People with a number, whom no other operator knows."""
    own = Pathway.objects.filter(
        adviser=adviser,
        state=PathwayState.OPEN,
        beneficiary__user=None,
        beneficiary__phone__gt="",
        continues=None,
    )
    return [
        pathway.beneficiary
        for pathway in own.select_related("beneficiary").order_by("entered_on", "pk")[:most]
    ]


def _called_again(person: Beneficiary, adviser: Adviser, *, now: datetime) -> Beneficiary:
    request = register_request(
        facts=RequestFacts(
            situation=Situation.EMPLOYEE,
            commune=adviser.site.commune,
            commune_basis=CommuneBasis.HOME,
            needs=[Need.CHANGE_JOB],
            access_needs=[],
        ),
        now=now,
    )
    return name_person(
        service_request=request,
        first_name=person.first_name,
        last_name=person.last_name.upper(),
        email="",
        phone=person.phone,
        by=adviser.user,
        now=now,
    )
