"""What a merge does with each table: every column that points at a person says it here, once.

A test refuses a column that nobody declared.
"""

from django.db.models import ForeignObjectRel

from beneficiaries.request.models import Beneficiary
from operators.moving.duplicates.enums import Treatment

TREATMENTS: dict[str, Treatment] = {
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


def columns() -> list:
    """Every column of the project that points at a Beneficiary, hidden relations too."""
    related = Beneficiary._meta.get_fields(include_hidden=True)
    return sorted(
        (one.field for one in related if isinstance(one, ForeignObjectRel) and not one.many_to_many),
        key=label,
    )


def label(column) -> str:
    return f"{column.model._meta.label}.{column.name}"
