from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.retention import DELAYS
from operators.casework.desk.selectors import people_of
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.moving.duplicates import notices, rules
from operators.moving.duplicates.errors import MergeUndone, PersonErased, PersonNotVisible, UndoTooLate
from operators.moving.duplicates.models import MovedRows, PersonMerge
from operators.moving.duplicates.services.contacts import part_contacts
from operators.moving.duplicates.services.ledger import give_back
from operators.moving.duplicates.services.locks import lock_both


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: User, now: datetime) -> PersonMerge:
    """Two people again: all that was moved goes back, and what was written since stays with the person kept.

    Raises MergeUndone, UndoTooLate after thirty days, PersonErased, PersonNotVisible, AddressTaken.
    """
    kept, absorbed = lock_both(merge.kept, merge.absorbed)
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeUndone("Ces dossiers sont déjà séparés.")
    if kept.erased_at is not None or absorbed.erased_at is not None:
        raise PersonErased("La personne a fait effacer son dossier : il n’y a plus rien à séparer.")
    if now >= rules.undo_until(merge.merged_at) or not merge.former:
        passed = DELAYS["undo_merge"].in_words
        raise UndoTooLate(f"Les {passed} sont passés : ces dossiers restent réunis.")
    if not rules.can_merge_people(by) or not people_of(user=by).filter(pk=kept.pk).exists():
        raise PersonNotVisible("Ce dossier ne peut pas être ouvert : il est gelé.")
    for moved in merge.moved_rows.order_by("-position"):
        if not _has_gone_on(moved, merge):
            give_back(moved)
    part_contacts(absorbed=absorbed, kept=kept, former=merge.former, now=now)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    merge.undone_at, merge.undone_by, merge.former = now, by, {}
    merge.save(update_fields=["undone_at", "undone_by", "former"])
    record(action="operators.personmerge.undone", target=merge, by=by, now=now)
    notices.tell_undone(merge, now=now)
    return merge


def _has_gone_on(moved: MovedRows, merge: PersonMerge) -> bool:
    """A pathway taken up again by the merge, with a session logged since, stays open: it has gone on."""
    if moved.model != Pathway._meta.label or "closed_at" not in moved.present:
        return False
    since = CounsellingSession.objects.filter(pathway__in=moved.rows, recorded_at__gte=merge.merged_at)
    return since.exists()
