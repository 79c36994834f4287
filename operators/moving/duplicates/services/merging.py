from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.casework.desk.selectors import people_of
from operators.moving.duplicates import notices, rules, selectors
from operators.moving.duplicates.errors import (
    KnownElsewhere,
    MergeChained,
    NotAlike,
    PersonNotVisible,
    WrongOneKept,
)
from operators.moving.duplicates.models import PersonMerge
from operators.moving.duplicates.services import contacts
from operators.moving.duplicates.services.joining import join_pathways
from operators.moving.duplicates.services.ledger import Ledger
from operators.moving.duplicates.services.locks import lock_both
from operators.moving.duplicates.services.moving import move_rows

NOT_VISIBLE = "Un de ces dossiers ne peut plus être ouvert : il est gelé, effacé ou déjà réuni à un autre."
ELSEWHERE = "Ces dossiers ne peuvent pas être réunis ici. La personne peut retrouver son parcours en ligne."


@transaction.atomic
def merge_people(
    *,
    kept: Beneficiary,
    absorbed: Beneficiary,
    taken: Collection[str] = (),
    reason: str,
    by: User,
    now: datetime,
) -> PersonMerge:
    """Make two files one: all that `absorbed` has goes to `kept`, who is told, and may be undone (ADR 0036).

    `taken` are the parts of name and contact that come from the file absorbed. Raises PersonNotVisible,
    NotAlike, MergeChained, KnownElsewhere, WrongOneKept (the page is old), BothBooked.
    """
    kept, absorbed = lock_both(kept, absorbed)
    _check(kept, absorbed, by)
    merge = PersonMerge.objects.create(
        organisation_id=by.mandate.organisation_id,  # type: ignore[union-attr, misc]  # _check has seen the mandate
        kept=kept,
        absorbed=absorbed,
        reason=reason,
        merged_at=now,
        merged_by=by,
    )
    former = {"kept": contacts.snapshot(kept), "absorbed": contacts.snapshot(absorbed)}
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    ledger = Ledger(merge)
    join_pathways(absorbed=absorbed, kept=kept, ledger=ledger, now=now)
    move_rows(absorbed=absorbed, kept=kept, ledger=ledger, now=now)
    contacts.settle_contacts(absorbed=absorbed, kept=kept, taken=taken)
    address = contacts.unite_accounts(absorbed=absorbed, kept=kept, now=now)
    merge.former = former | {"address": address, "after": contacts.snapshot(kept)}
    merge.save(update_fields=["former"])
    record(action="operators.personmerge.merged", target=merge, by=by, data={"reason": reason}, now=now)
    notices.tell_merged(merge, now=now)
    return merge


def _check(kept: Beneficiary, absorbed: Beneficiary, by: User) -> None:
    two = (kept.pk, absorbed.pk)
    if (
        kept.pk == absorbed.pk
        or not rules.can_merge_people(by)
        or people_of(user=by).filter(pk__in=two).count() != len(two)
    ):
        raise PersonNotVisible(NOT_VISIBLE)
    common = selectors.likeness(user=by, person=kept, other=absorbed)
    if common is None or not rules.are_alike(common.alike):
        raise NotAlike("Ces deux dossiers n’ont presque rien en commun : ils ne peuvent pas être réunis.")
    first, second = selectors.in_order(
        organisation=by.mandate.organisation_id,  # type: ignore[union-attr, arg-type]  # an operator's mandate has one
        people=(kept, absorbed),
    )
    if second.has_merged:
        raise MergeChained("Les deux dossiers en réunissent déjà d’autres : défaites d’abord l’un des deux.")
    if second.is_elsewhere:
        raise KnownElsewhere(ELSEWHERE)
    if first.pk != kept.pk:
        raise WrongOneKept("Un des dossiers a changé entre-temps. Rouvrez la page, puis recommencez.")
