"""What a merge does with each table: every column that points at a person says it here, once.

A subject above says its own in its registrations; a test refuses a column that nobody declared.
"""

from collections.abc import Callable

from django.db.models import ForeignObjectRel

from beneficiaries.request.models import Beneficiary
from operators.moving.duplicates.enums import Treatment

_treatments: dict[str, Treatment] = {
    # what the person asked for and lives moves
    "beneficiaries.ServiceRequest.beneficiary": Treatment.MOVES,
    "beneficiaries.Complaint.beneficiary": Treatment.MOVES,
    "beneficiaries.DataExport.beneficiary": Treatment.MOVES,
    "operators.Appointment.beneficiary": Treatment.MOVES,
    "operators.GroupPlace.beneficiary": Treatment.MOVES,
    "operators.WaitingEntry.beneficiary": Treatment.MOVES,
    "operators.EarlierAlert.beneficiary": Treatment.MOVES,
    "operators.SlotOffer.beneficiary": Treatment.MOVES,
    "operators.Pathway.beneficiary": Treatment.MOVES,
    "beneficiaries.ContactPreferences.beneficiary": Treatment.MOVES_IF_NONE,
    # a code under way would prove a contact for somebody else
    "beneficiaries.ContactCode.beneficiary": Treatment.ENDS,
    "beneficiaries.PersonCode.beneficiary": Treatment.ENDS,
    # one a day, an agent and a person: both files may have been opened that day
    "operators.FileReason.beneficiary": Treatment.STAYS,
    # the merges themselves
    "beneficiaries.Beneficiary.merged_into": Treatment.STAYS,
    "operators.DuplicatePair.first": Treatment.STAYS,
    "operators.DuplicatePair.second": Treatment.STAYS,
    "operators.PersonMerge.kept": Treatment.STAYS,
    "operators.PersonMerge.absorbed": Treatment.STAYS,
}
_followers: list[Callable] = []
_joiners: list[Callable] = []


def register_treatment(column: str, treatment: Treatment) -> None:
    """Say what a merge does with « app.Model.column », which points at a Beneficiary."""
    if column in _treatments:
        raise ValueError(f"treatment registered twice: {column}")
    _treatments[column] = treatment


def treatments() -> dict[str, Treatment]:
    return dict(_treatments)


def columns() -> list:
    """Every column of the project that points at a Beneficiary, hidden relations too."""
    related = Beneficiary._meta.get_fields(include_hidden=True)
    return sorted(
        (one.field for one in related if isinstance(one, ForeignObjectRel) and not one.many_to_many),
        key=label,
    )


def label(column) -> str:
    return f"{column.model._meta.label}.{column.name}"


def register_follower(function: Callable) -> None:
    """Call `function(*, absorbed, kept, note)` at a merge: what names a person other than by a foreign key.

    It writes, then says what it wrote: `note(model, rows, former, present)` (services.ledger.Ledger.note).
    """
    if function in _followers:
        raise ValueError(f"follower registered twice: {function.__qualname__}")
    _followers.append(function)


def follow(*, absorbed: Beneficiary, kept: Beneficiary, note: Callable) -> None:
    for function in _followers:
        function(absorbed=absorbed, kept=kept, note=note)


def register_joiner(function: Callable) -> None:
    """Call `function(*, pathway, into, note)` when a pathway is joined into another, as register_follower."""
    if function in _joiners:
        raise ValueError(f"joiner registered twice: {function.__qualname__}")
    _joiners.append(function)


def join(*, pathway, into, note: Callable) -> None:
    for function in _joiners:
        function(pathway=pathway, into=into, note=note)
