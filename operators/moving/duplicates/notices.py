"""What people are told of a merge: at each contact of both files, discreetly, with the way to say no."""

from datetime import datetime
from functools import partial

from django.template.loader import render_to_string

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import tell_person
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words
from operators.moving.duplicates import rules
from operators.moving.duplicates.models import PersonMerge
from operators.network.models import Site

FOLDER = "operators/moving/duplicates/mail"
MERGED_SUBJECT = "Vos deux dossiers n’en font plus qu’un"
UNDONE_SUBJECT = "Vos deux dossiers sont de nouveau séparés"


def tell_merged(merge: PersonMerge, *, now: datetime) -> None:
    """Both contacts are told: whoever is somebody else learns it and may call. No name is in the message."""
    _tell(merge, "merged", now=now)


def tell_undone(merge: PersonMerge, *, now: datetime) -> None:
    _tell(merge, "undone", now=now)


def _tell(merge: PersonMerge, act: str, *, now: datetime) -> None:
    for person in _addressees(merge):
        tell_person(
            beneficiary=person,
            key=f"merge-{act}-{merge.uuid}-{person.uuid}",
            kind=MessageKind.ACT,
            news=News(f"merge.{act}", merge.uuid),
            with_sms=True,
            now=now,
        )


def _words(letter: Letter, *, act: str, subject: str) -> Words | None:
    merge = PersonMerge.objects.select_related("organisation").filter(uuid=letter.news.uuid).first()
    if merge is None:
        return None
    site = _site(merge)
    number = site.phone if site else ""
    if letter.channel == MessageChannel.SMS:
        return Words(f"{subject}. Rien à faire. Ce n’est pas normal ? {number}")
    context = {
        "number": number,
        "organisation": merge.organisation.name,
        "until": rules.undo_until(merge.merged_at),
    }
    return Words(render_to_string(f"{FOLDER}/{act}.txt", context), subject)


def _site(merge: PersonMerge) -> Site | None:
    """Where the person may call: the adviser's site, else one of the operator."""
    sites = Site.objects.filter(contract__holder=merge.organisation_id).order_by("pk")
    return sites.filter(advisers__user=merge.merged_by_id).first() or sites.first()


def _addressees(merge: PersonMerge) -> list[Beneficiary]:
    """The person kept, and the other contact when it is another one."""
    kept = Beneficiary.objects.get(pk=merge.kept_id)
    absorbed = Beneficiary.objects.get(pk=merge.absorbed_id)
    is_other = bool(absorbed.email) and absorbed.email.lower() != kept.email.lower()
    is_other |= bool(absorbed.phone) and absorbed.phone != kept.phone
    return [kept, absorbed] if is_other else [kept]


COMPOSERS = (
    Composer("merge.merged", partial(_words, act="merged", subject=MERGED_SUBJECT)),
    Composer("merge.undone", partial(_words, act="undone", subject=UNDONE_SUBJECT)),
)
