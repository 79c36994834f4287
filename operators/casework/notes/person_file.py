"""Who is expected to read notes."""

from beneficiaries.request.models import Beneficiary
from cep_portal.common.personal_data import Readers
from operators.casework.notes.models import Note
from operators.casework.pathways.person_file import pathway_readers


def note_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's notes, each with those who follow the person, as for the pathway."""
    own = Note.objects.filter(pathway__beneficiary=beneficiary).order_by("pk")
    notes = list(own.values_list("pk", "pathway_id"))
    readers = pathway_readers(beneficiary) if notes else {}
    return {pk: readers[pathway] for pk, pathway in notes}
