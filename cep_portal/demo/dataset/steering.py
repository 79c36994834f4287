"""Indicators, commitments, penalties under way and packs, made by the portal's own services."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import PARIS, first_of_month, local_day, months_later
from cep_portal.demo.dataset.accounts import ACCOUNTS
from cep_portal.demo.dataset.scale import SCALES, Scale
from cep_portal.demo.living.closings import LEFT_TO_DO
from cep_portal.territories.models import Region
from procurement.commitments.enums import Comparison
from procurement.commitments.services import CommitmentTerms, add_commitment
from procurement.contracts.models import Contract
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from procurement.followup.services import decide_penalty, mark_silent, notify_penalty, observe_penalty
from reporting.closings.models import Closing
from reporting.closings.services import advance_closings, freeze_due, open_closings
from reporting.kpis.services import compute_indicators
from reporting.packs.services import build_regional_pack

# Fictional targets: none is published.
PROMISES = (
    (
        "Recevoir vite",
        "Le titulaire reçoit chaque personne en dix jours en moyenne.",
        "first_appointment_days",
        Comparison.AT_MOST,
        Decimal(10),
    ),
    (
        "Limiter les rendez-vous non honorés",
        "La part des rendez-vous non honorés ne dépasse pas {target} %.",
        "no_show_rate",
        Comparison.AT_MOST,
        None,  # the scale says it
    ),
    (
        "Satisfaire les personnes",
        "Au moins 80 % des personnes qui répondent se disent satisfaites.",
        "satisfaction_rate",
        Comparison.AT_LEAST,
        Decimal(80),
    ),
)
CLOSED_MONTHS = 5
NEXT_DAY = timedelta(days=1)
OBSERVATIONS = (
    "Deux conseillers ont été absents pour maladie pendant trois semaines. Nous avons ouvert des"
    " créneaux le samedi dès leur retour ; le délai est revenu sous l’objectif."
)
REDUCED = "L’absence est justifiée et les mesures prises sont réelles ; le délai est resté trop long."
APPLIED = "Aucune observation n’a été reçue et l’écart se répète."


def build_steering(
    *, scale: Scale = SCALES["small"], now: datetime, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Everything France compétences and the committees look at, up to `now`."""
    tell("indicateurs")
    compute_indicators(known_at=now, now=now)
    _promise(scale)
    people = _people()
    this_month = first_of_month(local_day(now))
    tell("arrêtés, constats et pénalités")
    for back in reversed(range(CLOSED_MONTHS)):
        close_month(months_later(this_month, -back), analyst=people[Role.ANALYST], now=now)
    _hear(people, now)
    tell("dossiers régionaux")
    for region in Region.objects.filter(pk__in=[scale.region, "04"]).order_by("pk"):
        for back in (2, 1):
            build_regional_pack(region=region, month=months_later(this_month, -back), now=now)


def close_month(first_of_next: date, *, analyst: User, now: datetime) -> None:
    """The life of a month that ended the day before: its clock, then the freeze on its day, until `now`."""
    night = datetime.combine(first_of_next, time(4, 20), ZoneInfo(PARIS))
    if night > now:
        return
    open_closings(now=night)
    month = months_later(first_of_next, -1)
    of_month = Closing.objects.filter(month=month)
    days = {day for closing in of_month for day in (closing.provisional_on, closing.contest_until + NEXT_DAY)}
    for day in sorted(days):
        clock = datetime.combine(day, time(4, 20), ZoneInfo(PARIS))
        if clock <= now:
            advance_closings(now=clock)
    for day in sorted({closing.freeze_from for closing in of_month}):
        freeze_at = datetime.combine(day, time(10), ZoneInfo(PARIS))
        if freeze_at + LEFT_TO_DO < now:
            freeze_due(by=analyst, now=freeze_at)


def _people() -> dict[str, User]:
    """The named accounts by role, each acting under its first mandate as after a sign-in."""
    people = {}
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        user.mandate = user.mandates.select_related("organisation").order_by("pk").first()
        people[account.role] = user
    return people


def _promise(scale: Scale) -> None:
    first_month = first_of_month(scale.since)
    before = datetime.combine(months_later(first_month, -1), time(), UTC)
    contracts = Contract.objects.in_force(scale.since).filter(is_demonstration=True, lot__kind="REGIONAL")
    for contract in contracts.order_by("lot__number", "pk"):
        for title, text, indicator, comparison, target in PROMISES:
            add_commitment(
                contract=contract,
                title=title,
                terms=CommitmentTerms(
                    text=text.format(target=scale.no_show_target),
                    indicator=indicator,
                    comparison=comparison,
                    target=target or scale.no_show_target,
                    penalty_clause="missed_target",
                ),
                first_month=first_month,
                by=None,
                now=before,
            )


def _hear(people: dict[str, User], now: datetime) -> None:
    """The oldest are decided or wait for it, the next of ours were observed, the others are proposed."""
    months = sorted(set(Penalty.objects.values_list("month", flat=True)))
    for month in months[:-1]:
        # A notice is a letter of half a second: those of other operators stay to be notified.
        for penalty in (
            _proposed(month) if month == months[0] else _of_our_operator(people).filter(month=month)
        ):
            sent = penalty.proposed_at + timedelta(days=3)
            notify_penalty(penalty=penalty, by=people[Role.CONTRACT_MANAGER], now=sent)
    for penalty in _of_our_operator(people).filter(state=PenaltyState.NOTIFIED).order_by("month", "pk")[:2]:
        observe_penalty(
            penalty=penalty,
            observations=OBSERVATIONS,
            by=people[Role.OPERATOR_MANAGER],
            now=penalty.notified_at + timedelta(days=6),
        )
    mark_silent(now=now)
    _decide(people, now)
    for penalty in _of_our_operator(people).filter(state=PenaltyState.PROPOSED)[:1]:
        notify_penalty(penalty=penalty, by=people[Role.CONTRACT_MANAGER], now=now - timedelta(days=2))


def _proposed(month):
    return Penalty.objects.filter(month=month, state=PenaltyState.PROPOSED).order_by("pk")


def _of_our_operator(people: dict[str, User]):
    holder = people[Role.OPERATOR_MANAGER].mandate.organisation_id
    return Penalty.objects.filter(version__commitment__contract__holder=holder).order_by("month", "pk")


def _decide(people: dict[str, User], now: datetime) -> None:
    decider = people[Role.DECIDER]
    heard = Penalty.objects.order_by("month", "pk")
    for penalty in heard.filter(state=PenaltyState.OBSERVED)[:1]:
        decide_penalty(
            penalty=penalty,
            outcome=PenaltyState.REDUCED,
            amount_excl_tax=penalty.computed_amount_excl_tax / 2,
            reasons=REDUCED,
            by=decider,
            now=now - timedelta(days=4),
        )
    for penalty in heard.filter(state=PenaltyState.SILENT)[:1]:
        decide_penalty(
            penalty=penalty,
            outcome=PenaltyState.APPLIED,
            amount_excl_tax=None,
            reasons=APPLIED,
            by=decider,
            now=now - timedelta(days=3),
        )
