"""Who is expected to open files."""

from beneficiaries.request.models import Beneficiary
from cep_portal.common.personal_data import Readers
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.person_file import pathway_readers


def attachment_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's files, each with those who follow the person, as for the pathway."""
    own = Attachment.objects.filter(pathway__beneficiary=beneficiary).order_by("pk")
    found = list(own.values_list("pk", "pathway_id"))
    readers = pathway_readers(beneficiary) if found else {}
    return {pk: readers[pathway] for pk, pathway in found}
