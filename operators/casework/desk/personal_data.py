from django.db.models import Case, Value, When

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Treatment
from operators.casework.desk.models import FileReason

# « Autre raison » says which, the constraint wants: the words go, the mark stays.
ERASED = Case(When(text="", then=Value("")), default=Value("effacé"))


MANIFESTS = (
    PersonManifest(
        model=FileReason,
        title="Pourquoi votre dossier a été ouvert",
        purpose="Vous dire pourquoi quelqu’un qui ne vous suit pas a ouvert votre dossier.",
        retention=retention.WITHOUT_WORDS,
        order=48,
        rows=lambda subject: FileReason.objects.filter(beneficiary=subject.beneficiary_id),
        personal={"given_on": KEPT, "given_at": KEPT, "kind": KEPT},
        sensitive={"text": ERASED},
        technical=("id", "uuid", "user", "beneficiary"),
        # one a day, an agent and a person: both files may have been opened that day
        on_merge={"beneficiary": Treatment.STAYS},
    ),
)
