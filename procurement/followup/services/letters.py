from datetime import datetime
from decimal import Decimal

from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import (
    issue_document,
    new_check_code,
    render_pdf,
)
from procurement.commitments.hooks import indicator
from procurement.followup.models import Penalty
from procurement.followup.rules import Charge
from procurement.followup.selectors import charge_with


def issue_notice(*, penalty: Penalty, by: User, now: datetime) -> StoredDocument:
    """The letter that states facts, amount and time allowed, and invites to observe (R-30)."""
    return _issue(
        penalty,
        kind="penalty_notice",
        title="Invitation à présenter des observations",
        file_name=f"invitation-observations-{penalty.month:%Y-%m}.pdf",
        template="procurement/followup/pdf/notice.html",
        by=by,
        now=now,
    )


def issue_decision(*, penalty: Penalty, by: User, now: datetime) -> StoredDocument:
    """The letter of the decision, with its reasons and the observations they answer."""
    return _issue(
        penalty,
        kind="penalty_decision",
        title="Décision sur une pénalité",
        file_name=f"decision-penalite-{penalty.month:%Y-%m}.pdf",
        template="procurement/followup/pdf/decision.html",
        by=by,
        now=now,
    )


def letter_context(*, penalty: Penalty, title: str, by: User, now: datetime) -> dict:
    """What a letter shows; everything is loaded by the service that locked the penalty."""
    contract = penalty.version.commitment.contract
    rule_set = contract.lot.market.rule_set
    return {
        "title": title,
        "penalty": penalty,
        "version": penalty.version,
        "commitment": penalty.version.commitment,
        "contract": contract,
        "rule_set": rule_set,
        "indicator": indicator(penalty.version.indicator),
        "hearing": rule_set.params.get("hearing") or {},
        "charge": _charge_with(penalty) if penalty.decided_at else None,
        "demonstration": settings.PORTAL_DEMONSTRATION
        or rule_set.is_demonstration
        or contract.is_demonstration,
        "signatory": by,
        "signatory_role": Role(str(by.role)).label,
        "issued_on": local_day(now),
        "observed_on": penalty.observed_at and local_day(penalty.observed_at),
    }


def _charge_with(penalty: Penalty) -> Charge:
    """The contract's penalties with this one, whose decision is not saved yet."""
    return charge_with(
        contract=penalty.version.commitment.contract,
        amount_excl_tax=penalty.decided_amount_excl_tax or Decimal("0.00"),
    )


def _issue(
    penalty: Penalty,
    *,
    kind: str,
    title: str,
    file_name: str,
    template: str,
    by: User,
    now: datetime,
) -> StoredDocument:
    code = new_check_code()
    context = letter_context(penalty=penalty, title=title, by=by, now=now)
    return issue_document(
        kind=kind,
        title=title,
        file_name=file_name,
        content=render_pdf(template=template, context={**context, "check_code": code}),
        now=now,
        check_code=code,
    )
