"""Links given by the person alone: only their digest is kept, so that nobody here can open one."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.casework.summaries import rules, selectors
from operators.casework.summaries.enums import SummaryState
from operators.casework.summaries.errors import NotCurrent, TooManyShares
from operators.casework.summaries.models import SummaryDocument, SummaryReading, SummaryShare
from operators.casework.summaries.services.writing import lock_summary


@transaction.atomic
def share_summary(
    *, summary: SummaryDocument, recipient: str, days: int, by: User, now: datetime
) -> tuple[SummaryShare, str]:
    """A link to the accepted file for some days, and its token, said this once.

    Raises NotCurrent when the version is not the accepted one, TooManyShares.
    """
    summary = lock_summary(summary)
    if summary.state != SummaryState.ACCEPTED:
        raise NotCurrent("Seule la version acceptée se partage.")
    if selectors.live_shares(summary=summary, now=now).count() >= rules.MOST_SHARES:
        raise TooManyShares("Trop de liens à la fois : retirez-en un d’abord.")
    token = secrets.token_urlsafe(32)
    share = SummaryShare.objects.create(
        summary=summary,
        token_digest=rules.token_digest(token),
        recipient=recipient.strip(),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    record(action="operators.summary.shared", target=share, by=by, data={"days": days}, now=now)
    return share, token


@transaction.atomic
def revoke_share(*, share: SummaryShare, by: User, now: datetime) -> SummaryShare:
    """Close a link at once. Safe to run twice."""
    locked = SummaryShare.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if locked.revoked_at is None:
        locked.revoked_at = now
        locked.save(update_fields=["revoked_at"])
        record(action="operators.summary.share_revoked", target=locked, by=by, now=now)
    return locked


@transaction.atomic
def revoke_shares(*, beneficiary: Beneficiary, now: datetime, by: User | None) -> None:
    """Close every link of a person whose file is frozen or erased."""
    alive = SummaryShare.objects.filter(summary__pathway__beneficiary=beneficiary, revoked_at=None)
    for share in alive.select_for_update(of=("self",)).order_by("pk"):
        share.revoked_at = now
        share.save(update_fields=["revoked_at"])
        record(action="operators.summary.share_revoked", target=share, by=by, now=now)


@transaction.atomic
def read_shared(*, token: str, now: datetime) -> SummaryDocument | None:
    """The document behind a live link, and one more line for the person; None when there is none."""
    share = selectors.share_by_token(token, now=now, for_update=True)
    if share is None:
        return None
    SummaryReading.objects.create(share=share, at=now)
    record(action="operators.summary.shared_read", target=share, by=None, now=now)
    return share.summary
