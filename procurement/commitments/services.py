from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import first_of_month, local_day, months_later
from cep_portal.common.versions import Seen, check_seen
from cep_portal.common.wording.numbers import plural
from procurement.commitments import hooks
from procurement.commitments.enums import Comparison
from procurement.commitments.errors import (
    ClauseUnknown,
    IndicatorUnknown,
    MonthAlreadyStarted,
    MonthOutsideContract,
    TargetTooFine,
    VersionOrderRefused,
)
from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.commitments.rules import penalty_clauses
from procurement.contracts.models import Contract


@dataclass(frozen=True)
class CommitmentTerms:
    """The words and the figure that bind, and the clause of their penalty."""

    text: str
    indicator: str
    comparison: Comparison
    target: Decimal
    penalty_clause: str


TERMS = tuple(field.name for field in fields(CommitmentTerms))


@transaction.atomic
def add_commitment(
    *,
    contract: Contract,
    title: str,
    terms: CommitmentTerms,
    first_month: date,
    by: User | None,
    now: datetime,
) -> CommitmentVersion:
    """Write a promise of the holder, bound from `first_month` on (a month by its first day).

    Raises IndicatorUnknown, TargetTooFine, MonthAlreadyStarted when the month has begun (INV-19: no
    retroactive target), MonthOutsideContract, and ClauseUnknown when the rule set has no such clause.
    """
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("lot__market__rule_set")
        .get(pk=contract.pk)
    )
    _check(contract, terms, first_month, now)
    last = contract.commitments.aggregate(last=Max("number"))["last"] or 0
    commitment = Commitment.objects.create(contract=contract, number=last + 1, title=title)
    version = CommitmentVersion.objects.create(
        commitment=commitment,
        version=1,
        text=terms.text,
        indicator=terms.indicator,
        comparison=terms.comparison,
        target=terms.target,
        penalty_clause=terms.penalty_clause,
        first_month=first_month,
    )
    record(
        action="procurement.commitment.added",
        target=commitment,
        by=by,
        data={"version": version.pk, "first_month": first_month.isoformat()},
        now=now,
    )
    return version


@transaction.atomic
def supersede_commitment(
    *,
    commitment: Commitment,
    from_month: date,
    terms: CommitmentTerms,
    seen: Seen | None = None,
    by: User | None,
    now: datetime,
) -> CommitmentVersion:
    """Replace a promise from a month to come on; the version it replaces ends the month before (INV-33).

    Raises IndicatorUnknown, TargetTooFine, ClauseUnknown, MonthAlreadyStarted (INV-19),
    MonthOutsideContract, and VersionOrderRefused when the version in force would not bind a single month.
    """
    commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("contract__lot__market__rule_set")
        .get(pk=commitment.pk)
    )
    _check(commitment.contract, terms, from_month, now)
    old = commitment.versions.latest("version")
    check_seen(seen, {name: getattr(old, name) for name in TERMS})
    if from_month <= old.first_month:
        raise VersionOrderRefused(
            "La version en cours commence ce mois-là ou plus tard : choisissez un mois suivant."
        )
    old.last_month = months_later(from_month, -1)
    old.save(update_fields=["last_month"])
    new = CommitmentVersion.objects.create(
        commitment=commitment,
        version=old.version + 1,
        text=terms.text,
        indicator=terms.indicator,
        comparison=terms.comparison,
        target=terms.target,
        penalty_clause=terms.penalty_clause,
        first_month=from_month,
    )
    record(
        action="procurement.commitment.superseded",
        target=commitment,
        by=by,
        data={"old": old.pk, "new": new.pk, "from_month": from_month.isoformat()},
        now=now,
    )
    return new


def _check(contract: Contract, terms: CommitmentTerms, month: date, now: datetime) -> None:
    if not hooks.is_known(terms.indicator):
        raise IndicatorUnknown(f"L’indicateur « {terms.indicator} » n’existe pas.")
    places = hooks.indicator(terms.indicator).places
    if terms.target != round(terms.target, places):
        raise TargetTooFine(f"Cible : {places} décimale{plural(places)} au plus, comme l’indicateur.")
    if terms.penalty_clause not in penalty_clauses(contract.lot.market.rule_set.params):
        raise ClauseUnknown(f"Le référentiel du marché n’a pas de clause « {terms.penalty_clause} ».")
    if month <= local_day(now):
        raise MonthAlreadyStarted("Ce mois a déjà commencé : un engagement ne vaut que pour un mois à venir.")
    if not first_of_month(contract.starts_on) <= month <= contract.ends_on:
        raise MonthOutsideContract("Ce mois est hors de la durée du contrat.")
