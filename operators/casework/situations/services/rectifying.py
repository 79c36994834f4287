"""A person says what is wrong in the own situation; an adviser corrects it or says that it is right."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.casework.pathways.models import Pathway
from operators.casework.situations import notices
from operators.casework.situations.enums import RectificationAnswer
from operators.casework.situations.errors import (
    AlreadyAnswered,
    NothingCorrected,
    NothingRecorded,
    PartsMissing,
    RectificationOpen,
)
from operators.casework.situations.models import PathwaySituation, Rectification


@transaction.atomic
def ask_rectification(*, pathway: Pathway, parts: Sequence[str], by: User, now: datetime) -> Rectification:
    """A person asks to correct parts of the situation: the adviser finds it on « Aujourd’hui ».

    Raises PartsMissing, NothingRecorded, RectificationOpen, FileRestricted.
    """
    lock_person(pathway.beneficiary_id)
    if not parts:
        raise PartsMissing("Cochez ce qui est à corriger.")
    if not PathwaySituation.objects.present().filter(pathway=pathway).exists():
        raise NothingRecorded("Rien n’est encore noté sur votre situation.")
    if Rectification.objects.waiting().filter(pathway=pathway).exists():
        raise RectificationOpen("Votre demande est déjà transmise à votre conseiller.")
    asked = Rectification.objects.create(pathway=pathway, parts=list(parts), asked_at=now)
    record(action="operators.rectification.asked", target=asked, by=by, now=now)
    return asked


@transaction.atomic
def answer_rectification(
    *, rectification: Rectification, answer: RectificationAnswer, by: User, now: datetime
) -> Rectification:
    """Tell the person that it is corrected, or that it is right as it is; the person is written to once.

    Raises AlreadyAnswered, NothingCorrected when nothing was written since it was asked, FileRestricted.
    """
    lock_person(rectification.pathway.beneficiary)
    found = (
        Rectification.objects.select_for_update(of=("self",))
        .select_related("pathway__beneficiary")
        .get(pk=rectification.pk)
    )
    if found.answered_at is not None:
        raise AlreadyAnswered("Cette demande a déjà sa réponse.")
    if answer == RectificationAnswer.CORRECTED and not _moved_since(found):
        raise NothingCorrected("Rien n’a été corrigé depuis la demande : corrigez d’abord la situation.")
    found.answer, found.answered_at, found.answered_by = answer, now, by
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    notices.tell_answered(found, now=now)
    record(action="operators.rectification.answered", target=found, by=by, data={"answer": answer}, now=now)
    return found


def _moved_since(rectification: Rectification) -> bool:
    situations = PathwaySituation.objects.filter(pathway=rectification.pathway_id)
    written = situations.filter(recorded_at__gte=rectification.asked_at)
    return written.exists() or situations.filter(replaced_at__gte=rectification.asked_at).exists()
