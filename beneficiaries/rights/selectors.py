from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from beneficiaries.complaints.selectors import complained_since
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.selectors import asked_since
from beneficiaries.rights import rules
from beneficiaries.rights.hooks import ACTIVITIES, FILE_READERS
from beneficiaries.rights.models import DataExport, PersonCode
from cep_portal.accounts.models import AuditEvent, User
from cep_portal.common import phones
from cep_portal.common.days import months_later
from cep_portal.common.personal_data import FileKind, Readers, Subject, declarations

RECTIFIED = "beneficiaries.person.rectified"
RESTRICTED, LIFTED = "beneficiaries.person.restricted", "beneficiaries.person.unrestricted"


@dataclass(frozen=True)
class Opening:
    """One opening of a person's file, without the name of who opened it."""

    at: datetime
    role: str
    organisation: str
    label: str
    reader: str
    is_unusual: bool
    reason: str = ""


@dataclass(frozen=True)
class Correction:
    at: datetime
    fields: tuple[str, ...]
    author: str


def person_of(*, user: User) -> Beneficiary | None:
    return Beneficiary.objects.select_related("user").filter(user=user).first()


def subject_of(person: Beneficiary) -> Subject:
    """The person as each layer recognises it."""
    numbers = {person.phone, phones.mobile(person.phone) or ""} - {""}
    return Subject(
        uuid=person.uuid,
        beneficiary_id=person.pk,
        user_id=person.user_id,
        emails=(person.email,) if person.email else (),
        phones=tuple(sorted(numbers)),
    )


def file_kinds() -> dict[str, FileKind]:
    """The kinds of file that agents open, by target type in the journal; each knows its readers."""
    above = {given.target_type: given for given in FILE_READERS}
    kinds = {}
    for manifest in declarations():
        kind, target_type = manifest.opened, manifest.model._meta.label_lower
        if kind is not None and kind.files is None:
            kind = replace(kind, files=above[target_type].files, reasons=above[target_type].reasons)
        if kind is not None:
            kinds[target_type] = kind
    return kinds


def opening_lines(*, beneficiary: Beneficiary) -> QuerySet[AuditEvent]:
    """The lines of the journal that say who opened a person's files, latest first."""
    kinds = file_kinds()
    files = {target_type: kind.files_of(beneficiary) for target_type, kind in kinds.items()}
    if not files:
        return AuditEvent.objects.none()
    acts = [action for kind in kinds.values() for action in kind.acts]
    shown = Q(action__endswith=".opened") | Q(action__in=acts)
    own = [Q(target_type=target_type, target_id__in=list(rows)) for target_type, rows in files.items()]
    lines = AuditEvent.objects.filter(shown, reduce(or_, own), actor__isnull=False)
    return lines.select_related("mandate__organisation").order_by("-at", "-pk")


def openings(*, beneficiary: Beneficiary, lines: list[AuditEvent]) -> list[Opening]:
    """The same lines in plain words: role and organisation, and whether the reader was expected."""
    kinds = file_kinds()
    files = {target_type: kind.files_of(beneficiary) for target_type, kind in kinds.items()}
    reasons: dict[int, str] = {}
    for target_type, kind in kinds.items():
        if kind.reasons is not None:
            reasons |= kind.reasons([line for line in lines if line.target_type == target_type])
    return [
        _opening(line, kinds[line.target_type], files[line.target_type], reasons.get(line.pk, ""))
        for line in lines
    ]


def _opening(line: AuditEvent, kind: FileKind, files: dict[int, Readers], reason: str) -> Opening:
    readers = files[line.target_id]
    if line.actor_id in readers.own:
        reader = "Cette personne vous suit."
    elif line.actor_id in readers.near:
        reader = "Cette personne travaille au même endroit que qui vous suit."
    else:
        reader = "Cette personne ne vous suit pas."
    mandate = line.mandate
    return Opening(
        at=line.at,
        role=mandate.get_role_display() if mandate else "sans mandat",
        organisation=mandate.organisation.name if mandate and mandate.organisation else "",
        label=kind.acts.get(line.action, kind.label),
        reader=reader,
        is_unusual=line.actor_id not in readers.own | readers.near,
        reason=reason,
    )


def corrections(*, beneficiary: Beneficiary) -> list[Correction]:
    """What was corrected, when and by whom; the values themselves are not kept. One query."""
    lines = (
        AuditEvent.objects.filter(
            target_type=Beneficiary._meta.label_lower, target_id=beneficiary.pk, action=RECTIFIED
        )
        .select_related("mandate")
        .order_by("-at", "-pk")
    )
    return [
        Correction(
            at=line.at,
            fields=tuple(rules.FIELDS[name] for name in sorted(line.data["fields"])),
            author="vous" if line.actor_id == beneficiary.user_id else _role(line),
        )
        for line in lines
    ]


def _role(line: AuditEvent) -> str:
    return line.mandate.get_role_display() if line.mandate else "le service"


def latest_export(*, beneficiary: Beneficiary) -> DataExport | None:
    return beneficiary.data_exports.select_related("document").order_by("-asked_at", "-pk").first()


def export_of(*, user: User, uuid: UUID) -> DataExport | None:
    """An export of the person signed in; nobody else's exists."""
    exports = DataExport.objects.select_related("document", "beneficiary")
    return exports.filter(beneficiary__user=user, uuid=uuid).first()


def code_of(*, user: User, uuid: UUID) -> PersonCode | None:
    return PersonCode.objects.select_related("beneficiary").filter(beneficiary__user=user, uuid=uuid).first()


def inactive_since(since: datetime) -> QuerySet[Beneficiary]:
    """People not erased without any contact since an instant: request, appointment, session, sign-in, word
    to keep the file. Frozen files are left alone: their freezing is a wish to keep them (article 18).
    """
    people = Beneficiary.objects.filter(
        Q(kept_at__isnull=True) | Q(kept_at__lt=since),
        erased_at__isnull=True,
        restricted_at__isnull=True,
        merged_into__isnull=True,  # a duplicate goes with the person it was merged into
        created_at__lt=since,
    ).exclude(user__last_login__gte=since)
    for active in (asked_since, complained_since, *ACTIVITIES):
        people = people.filter(~active(since))
    return people.order_by("pk")


def to_warn(*, now: datetime) -> QuerySet[Beneficiary]:
    """People whose file will be erased in thirty days, and who were not told since their last contact."""
    since = _retention_start(now) + rules.NOTICE
    return inactive_since(since).filter(Q(warned_at__isnull=True) | Q(warned_at__lt=since))


def to_erase(*, now: datetime) -> QuerySet[Beneficiary]:
    """People told thirty days ago, and without contact for the whole retention."""
    since = _retention_start(now)
    return inactive_since(since).filter(warned_at__gt=since, warned_at__lte=now - rules.NOTICE)


def _retention_start(now: datetime) -> datetime:
    return months_later(now, -settings.PORTAL_RETENTION_MONTHS)
