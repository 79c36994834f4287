"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from beneficiaries.signin.models import SignInCode
from cep_portal.common import phones, retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject


def _codes(subject: Subject) -> QuerySet[SignInCode]:
    addresses = [email.lower() for email in subject.emails]
    numbers = {phones.kept(phone) for phone in subject.phones}
    own = Q(address__in=addresses, email__gt="") | Q(phone__in=numbers, phone__gt="")
    return SignInCode.objects.alias(address=Lower("email")).filter(own)


MANIFESTS = (
    PersonManifest(
        model=SignInCode,
        title="Codes reçus pour entrer dans votre espace",
        purpose="Vérifier que le contact est le vôtre.",
        retention=retention.CODE,
        order=83,
        rows=_codes,
        personal=dict.fromkeys(("channel", "email", "phone", "sent_at", "proved_at", "used_at"), KEPT),
        technical=("id", "uuid", "code_hash", "expires_at", "attempts"),
        is_deleted=True,
    ),
)
