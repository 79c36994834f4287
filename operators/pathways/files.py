"""Who is expected to open a pathway, and when a person was last received."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.registry import Readers
from operators.agenda.files import colleagues
from operators.pathways.models import CounsellingSession, Pathway


def received_since(since: datetime) -> Exists:
    """Whether a person was received since an instant: a contact, for the retention of the file."""
    return Exists(
        CounsellingSession.objects.filter(pathway__beneficiary=OuterRef("pk"), starts_at__gte=since)
    )


def pathway_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's pathways, each with who follows or received the person and their colleagues."""
    rows = Pathway.objects.filter(beneficiary=beneficiary).values_list(
        "pk", "adviser__user_id", "adviser__site_id"
    )
    found = list(rows.order_by("pk"))
    met = CounsellingSession.objects.filter(pathway__beneficiary=beneficiary)
    received = set(met.values_list("pathway_id", "adviser__user_id").order_by("pk"))
    near = colleagues({site for *_, site in found})
    return {
        pk: Readers(
            frozenset({user, *(one for pathway, one in received if pathway == pk)}),
            near.get(site, frozenset()),
        )
        for pk, user, site in found
    }
