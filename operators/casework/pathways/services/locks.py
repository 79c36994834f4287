"""A pathway is written by one at a time, never in a file frozen or erased: the person first (ADR 0053)."""

from beneficiaries.request.services.guard import lock_person
from operators.casework.pathways.models import Pathway


def lock_pathway(pathway_id: int) -> Pathway:
    """The pathway as now, its row locked after its person's. Raises FileRestricted, FileMerged."""
    person = lock_person(Pathway.objects.values_list("beneficiary_id", flat=True).get(pk=pathway_id))
    pathway = Pathway.objects.select_for_update(of=("self",)).get(pk=pathway_id)
    if pathway.beneficiary_id == person.pk:
        pathway.beneficiary = person
    return pathway
