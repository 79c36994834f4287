"""Situations on a line of days: each write leaves at most one true a day, and forgets nothing (ADR 0034)."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.versions import Seen, check_seen
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.situations import rules
from operators.casework.situations.errors import (
    AlreadyReplaced,
    NothingChanged,
    PathwayNotOpen,
    ReasonMissing,
    StartOutOfBounds,
    StartTaken,
)
from operators.casework.situations.models import PathwaySituation
from operators.casework.situations.selectors import proposed_facts
from operators.casework.situations.selectors.facts import Facts, facts_of, shown


@transaction.atomic
def change_situation(
    *,
    pathway: Pathway,
    starts_on: date,
    facts: Facts,
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> PathwaySituation:
    """Write what is true from a day on, until the next situation known. One that begins that day is replaced.

    Raises PathwayNotOpen, ReasonMissing, StartOutOfBounds, NothingChanged, and FileRestricted when the file
    is frozen or erased.
    """
    lock_person(pathway.beneficiary_id)
    _check(pathway, starts_on, facts, now=now)
    check_seen(seen, shown(proposed_facts(pathway=pathway)))
    if Pathway.objects.get(pk=pathway.pk).state != PathwayState.OPEN:
        raise PathwayNotOpen("Ce parcours est clos : sa situation se corrige, elle ne change plus.")
    true_then = _true_on(pathway, starts_on)
    if true_then is not None and facts_of(true_then) == facts:
        raise NothingChanged("C’est déjà ce qui est noté à cette date.")
    if true_then is not None and true_then.starts_on == starts_on:
        _replace(true_then, now=now)
        written = _write(pathway, DateRange(starts_on, true_then.ends_on), facts, by=by, now=now)
    else:
        written = _insert(pathway, starts_on, facts, by=by, now=now)
    record(action="operators.situation.changed", target=written, by=by, now=now)
    return written


@transaction.atomic
def correct_situation(
    *,
    situation: PathwaySituation,
    starts_on: date,
    facts: Facts,
    seen: Seen | None = None,
    by: User,
    now: datetime,
) -> PathwaySituation:
    """Write again a situation that was wrong, its day too if need be; the wrong one stays, as replaced.

    Whoever saw it (`seen`) before a colleague corrected it compares with the correction first.

    Raises AlreadyReplaced, ReasonMissing, StartOutOfBounds, StartTaken, NothingChanged, FileRestricted.
    """
    wrong = _locked(situation, follow=seen is not None)
    check_seen(seen, shown(facts_of(wrong), wrong.starts_on))
    _check(wrong.pathway, starts_on, facts, now=now)
    if facts_of(wrong) == facts and wrong.starts_on == starts_on:
        raise NothingChanged("Rien n’est changé : corrigez une réponse ou la date.")
    _take_out(wrong, now=now)
    other = _true_on(wrong.pathway, starts_on)
    if other is not None and other.starts_on == starts_on:
        raise StartTaken("Une autre situation commence ce jour-là : corrigez plutôt celle-là.")
    written = _insert(wrong.pathway, starts_on, facts, by=by, now=now)
    record(
        action="operators.situation.corrected",
        target=written,
        by=by,
        data={"replaced": str(wrong.uuid)},
        now=now,
    )
    return written


@transaction.atomic
def withdraw_situation(*, situation: PathwaySituation, by: User, now: datetime) -> PathwaySituation:
    """Take out a situation written by mistake: the one before lasts until the next. It stays, as replaced.

    Raises AlreadyReplaced, FileRestricted.
    """
    wrong = _locked(situation)
    _take_out(wrong, now=now)
    record(action="operators.situation.withdrawn", target=wrong, by=by, now=now)
    return wrong


def _check(pathway: Pathway, starts_on: date, facts: Facts, *, now: datetime) -> None:
    if not facts.reasons:
        raise ReasonMissing("Indiquez au moins une raison.")
    if not rules.EARLIEST <= starts_on <= local_day(now, pathway.adviser.site.zone):
        raise StartOutOfBounds("Une situation est vraie aujourd’hui ou depuis un jour passé.")


def _locked(situation: PathwaySituation, *, follow: bool = False) -> PathwaySituation:
    """The situation as now, or with `follow` what stands in its place, after its person (ADR 0010)."""
    lock_person(situation.pathway.beneficiary)
    rows = PathwaySituation.objects.select_related("pathway__adviser__site")
    pathway_situation = rows.get(pk=situation.pk)
    if follow and pathway_situation.replaced_at is not None:
        pathway_situation = _true_on(pathway_situation.pathway, situation.starts_on) or pathway_situation
    if pathway_situation.replaced_at is not None:
        raise AlreadyReplaced("Cette situation a déjà été corrigée. Rouvrez la page.")
    return pathway_situation


def _true_on(pathway: Pathway, day: date) -> PathwaySituation | None:
    return PathwaySituation.objects.present().filter(pathway=pathway, effective__contains=day).first()


def _insert(pathway: Pathway, starts_on: date, facts: Facts, *, by: User, now: datetime) -> PathwaySituation:
    """Cut what is true that day, or begin before the first one; another row never moves its start."""
    before = _true_on(pathway, starts_on)
    if before is not None:
        ends_on: date | None = before.ends_on
        _last_until(before, starts_on)
    else:
        later = PathwaySituation.objects.present().filter(
            pathway=pathway, effective__startswith__gt=starts_on
        )
        first = later.order_by("effective__startswith", "pk").first()
        ends_on = first.starts_on if first else None
    return _write(pathway, DateRange(starts_on, ends_on), facts, by=by, now=now)


def _take_out(wrong: PathwaySituation, *, now: datetime) -> None:
    _replace(wrong, now=now)
    before = PathwaySituation.objects.present().filter(
        pathway=wrong.pathway_id, effective__endswith=wrong.starts_on
    )
    if (neighbour := before.first()) is not None:
        _last_until(neighbour, wrong.ends_on)


def _replace(wrong: PathwaySituation, *, now: datetime) -> None:
    wrong.replaced_at = now
    wrong.save(update_fields=["replaced_at"])


def _last_until(situation: PathwaySituation, day: date | None) -> None:
    situation.effective = DateRange(situation.starts_on, day)
    situation.save(update_fields=["effective"])


def _write(
    pathway: Pathway, effective: DateRange, facts: Facts, *, by: User, now: datetime
) -> PathwaySituation:
    said = {**asdict(facts), "reasons": list(facts.reasons)}
    return PathwaySituation.objects.create(
        pathway=pathway, effective=effective, **said, recorded_at=now, recorded_by=by
    )
