"""A logged session corrected until its month is frozen: why, what it said, ten minutes to take it back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.versions import Seen, check_seen
from cep_portal.common.wording.dates import long_month
from cep_portal.common.wording.names import of
from operators.casework.pathways import rules, selectors
from operators.casework.pathways.enums import CorrectionChannel, CorrectionReason
from operators.casework.pathways.errors import (
    ClosingNotCorrected,
    CorrectionOver,
    MonthFrozen,
    NothingCorrected,
    ReasonMissing,
    StartAfterClosing,
)
from operators.casework.pathways.hooks import Event, first_open_days, tell_followers
from operators.casework.pathways.models import CounsellingSession, Pathway, SessionCorrection
from operators.casework.pathways.services.closing import require_not_transferred
from operators.casework.pathways.services.entering import Encounter, SessionFacts
from operators.casework.pathways.services.log import check_session, overlap_in

CORRECTED = ("level", "mode", "starts_at", "duration_minutes", "themes", "next_step")


@transaction.atomic
def correct_session(
    *,
    session: CounsellingSession,
    facts: SessionFacts,
    reason: str,
    channel: CorrectionChannel,
    seen: Seen | None = None,
    by: User | None,
    now: datetime,
) -> SessionCorrection:
    """Write what a session really was; the rules of a log, and both its days in months that are open.

    Its pathway enters on the local day of its first session. What ends a pathway is corrected in its file.
    Raises MonthFrozen, ReasonMissing, NothingCorrected, ClosingNotCorrected, StartAfterClosing, the refusals
    of log_session, PathwayTransferred; nothing is then written. `by` is None for a software.
    """
    held = _locked(session)
    check_seen(seen, selectors.logged(held))
    if reason not in CorrectionReason.values:
        raise ReasonMissing("Dites pourquoi la séance est corrigée.")
    require_not_transferred(held.pathway_id)
    former = _told(held)
    present = {name: getattr(facts, name) for name in CORRECTED} | {"themes": list(facts.themes)}
    if all(_same(getattr(held, name), value) for name, value in present.items()):
        raise NothingCorrected("Rien n’a été changé.")
    _check_correction(held, facts)
    check_session(_met(held), facts, now=now, known=held)
    _write(held, present)
    correction = SessionCorrection.objects.create(
        session=held, former=former, reason=reason, corrected_at=now, corrected_by=by, channel=channel
    )
    changed = sorted(name for name in CORRECTED if former[name] != _told(held)[name])
    data = {"reason": reason, "fields": changed, "channel": channel.value}
    record(action="operators.session.corrected", target=held, by=by, data=data, now=now)
    tell_followers(Event.CORRECTED, subject=held, now=now)
    return correction


@transaction.atomic
def undo_correction(*, correction: SessionCorrection, by: User, now: datetime) -> CounsellingSession:
    """Give a session back what it said, within ten minutes of its last correction.

    Raises CorrectionOver afterwards, MonthFrozen, SessionOverlaps when its hour has been taken since.
    """
    held = _locked(correction.session)
    told = SessionCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    last = held.corrections.filter(undone_at__isnull=True).order_by("-corrected_at", "-pk").first()
    if last != told or not rules.may_undo_correction(told, now=now):
        raise CorrectionOver("Cette correction ne s’annule plus : corrigez de nouveau la séance.")
    former = {**told.former, "starts_at": datetime.fromisoformat(told.former["starts_at"])}
    _check_open([held.held_on, local_day(former["starts_at"], held.zone)], held.pathway)
    _write(held, {name: former[name] for name in CORRECTED})
    told.undone_at = now
    told.save(update_fields=["undone_at"])
    record(action="operators.session.correction_undone", target=held, by=by, now=now)
    tell_followers(Event.CORRECTED, subject=held, now=now)
    return held


def _locked(session: CounsellingSession) -> CounsellingSession:
    """The person, the pathway, then the session, as a log locks them."""
    person = Beneficiary.objects.get(pathways__sessions=session.pk)
    lock_person(person)
    pathway = Pathway.objects.select_for_update(of=("self",)).get(sessions=session.pk)
    held = (
        CounsellingSession.objects.select_for_update(of=("self",))
        .select_related("adviser", "site__contract", "appointment__site")
        .get(pk=session.pk)
    )
    held.pathway = pathway
    return held


def _met(held: CounsellingSession) -> Encounter:
    pathway = held.pathway
    return Encounter(
        pathway.beneficiary_id, held.adviser, held.site, pathway.service_request, held.appointment
    )


def _same(known: Any, told: Any) -> bool:
    return sorted(known) == sorted(told) if isinstance(told, list) else known == told


def _told(held: CounsellingSession) -> dict[str, Any]:
    """What a session says, as a FormerFact of a delivery tells it: enough to give it back."""
    return {
        "starts_at": held.starts_at.isoformat(),
        "duration_minutes": held.duration_minutes,
        "adviser": held.adviser_id,
        "site": held.site_id,
        "level": held.level,
        "mode": held.mode,
        "themes": list(held.themes),
        "next_step": held.next_step,
    }


def _check_correction(held: CounsellingSession, facts: SessionFacts) -> None:
    was_closing = SessionFacts(**{name: getattr(held, name) for name in CORRECTED}).closes
    if facts.outcome or facts.closes != was_closing:
        raise ClosingNotCorrected("La fin d’un parcours se corrige dans le dossier, pas dans sa séance.")
    _check_open([held.held_on, local_day(facts.starts_at, held.zone)], held.pathway)
    closed_at = held.pathway.closed_at
    if closed_at is not None and held.starts_at <= closed_at < facts.starts_at:
        raise StartAfterClosing("Le parcours était clos à cette heure.")


def _check_open(days: list[date], pathway: Pathway) -> None:
    open_on = first_open_days(contract_ids=[pathway.contract_id]).get(pathway.contract_id)
    if open_on is not None and min(days) < open_on:
        raise MonthFrozen(
            f"Le mois {of(long_month(min(days)))} est arrêté : cette séance ne change plus."
            " Votre responsable peut demander à France compétences de rouvrir le mois."
        )


def _write(held: CounsellingSession, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    try:
        with transaction.atomic():
            held.save(update_fields=[*values])
    except IntegrityError as refusal:
        raise overlap_in(refusal) from refusal
    held.refresh_from_db(fields=["held_on"])
    pathway = held.pathway
    first = pathway.sessions.aggregate(first=Min("held_on"))["first"]
    if pathway.continues_id is None and first != pathway.entered_on:
        pathway.entered_on = first
        pathway.save(update_fields=["entered_on"])
