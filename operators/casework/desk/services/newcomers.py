"""Somebody received without being known: a request at its instant, then a person, then the session."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services import RequestFacts, register_request
from beneficiaries.request.services.callers import CallerDetails, name_person
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from operators.casework.desk.errors import ReceivedByAnother
from procurement.contracts.selectors import contract_in_force


@transaction.atomic
def register_newcomer(
    *, caller: CallerDetails, facts: RequestFacts, key: UUID, by: User, now: datetime
) -> Beneficiary:
    """Register the request and name the person; the same `key` twice is one person (double click).

    Raises ReceivedByAnother when another operator holds the territory, NoContractInForce when nobody does,
    ContactMissing without address nor number.
    """
    contract = contract_in_force(facts.commune, on=local_day(now, facts.commune.department.zone))
    organisation = by.mandate.organisation_id if by.mandate else None
    if contract is not None and contract.holder_id != organisation:
        raise ReceivedByAnother(
            f"{contract.holder.name} reçoit les personnes de {facts.commune.name}."
            " Donnez ce nom à la personne : rien n’est enregistré ici."
        )
    request = register_request(
        facts=facts,
        key=key,
        by=by,
        now=now,
    )
    return name_person(
        service_request=request,
        **asdict(caller),
        by=by,
        now=now,
    )
