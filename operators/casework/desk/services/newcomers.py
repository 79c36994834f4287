"""Somebody received without being known: a request at its instant, then a person, then the session."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services import register_request
from beneficiaries.request.services.callers import name_person
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.territories.models import Commune
from operators.casework.desk.errors import ReceivedByAnother
from procurement.contracts.selectors import contract_in_force


@transaction.atomic
def register_newcomer(
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    commune: Commune,
    commune_basis: str,
    situation: str,
    needs: list[str],
    key: UUID,
    by: User,
    now: datetime,
) -> Beneficiary:
    """Register the request and name the person; the same `key` twice is one person (double click).

    Raises ReceivedByAnother when another operator holds the territory, NoContractInForce when nobody does,
    ContactMissing without address nor number.
    """
    contract = contract_in_force(commune, on=local_day(now, commune.department.zone))
    organisation = by.mandate.organisation_id if by.mandate else None
    if contract is not None and contract.holder_id != organisation:
        raise ReceivedByAnother(
            f"{contract.holder.name} reçoit les personnes de {commune.name}. Donnez ce nom à la personne :"
            " rien n’est enregistré ici."
        )
    request = register_request(
        situation=situation,
        commune=commune,
        commune_basis=commune_basis,
        needs=needs,
        access_needs=[],
        key=key,
        by=by,
        now=now,
    )
    return name_person(
        service_request=request,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=phone,
        by=by,
        now=now,
    )
