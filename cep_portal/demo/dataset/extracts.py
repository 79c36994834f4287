"""Extracts of the named operator, in each state a manager meets, by the services that serve real people."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.services import MandateScope, grant_mandate
from cep_portal.common.days import first_of_month
from operators.exchange.extracts.enums import ExtractKind, TableFormat
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.services import ask_extract, grant_extract, make_extract, refuse_extract

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def build_extracts(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """One ready, one refused, one that France compétences has to judge, one that the named manager has to."""
    manager, follower = _acting("responsable@operateurs.example"), _acting("contrats@pilotage.example")
    colleague = _colleague(manager, now)
    first = date(now.year - 1, 1, 1)
    ready = _ask(
        manager,
        ExtractKind.ACTIVITY,
        (first, date(now.year - 1, 12, 31)),
        "Préparer le bilan annuel présenté à la région.",
        now - 5 * HOUR,
    )
    grant_extract(extract=ready, by=colleague, now=now - 4 * HOUR)
    make_extract(extract_id=ready.pk, now=now - 4 * HOUR)
    refused = _ask(
        manager,
        ExtractKind.APPOINTMENTS,
        (first, date(now.year - 1, 12, 31)),
        "Comparer nos conseillers entre eux.",
        now - 9 * DAY,
    )
    reason = "Le fichier ne nomme pas les conseillers : voyez la page Qualité de la saisie."
    refuse_extract(extract=refused, reason=reason, by=follower, now=now - 8 * DAY)
    month = first_of_month(now.date())
    last = month - DAY
    _ask(
        manager,
        ExtractKind.SESSIONS,
        (first_of_month(last), last),
        "Répondre au contrôle de notre certification qualité.",
        now - 3 * HOUR,
    )
    _ask(
        colleague,
        ExtractKind.ACTIVITY,
        (first_of_month(last), last),
        "Préparer la réunion des responsables de lieu.",
        now - 2 * HOUR,
    )
    tell("extractions")


def _ask(by: User, kind: str, period: tuple[date, date], purpose: str, now: datetime) -> Extract:
    if by.mandate is None or by.mandate.organisation is None:
        raise ValueError("an extract is asked by a manager of an operator")
    return ask_extract(
        organisation=by.mandate.organisation,
        kind=kind,
        starts_on=period[0],
        ends_on=period[1],
        file_format=TableFormat.XLSX,
        purpose=purpose,
        by=by,
        now=now,
    )


def _acting(email: str) -> User:
    """A named account under its mandate, as a request would have it."""
    user = User.objects.get(email=email)
    user.mandate = user.mandates.order_by("pk").first()
    return user


def _colleague(manager: User, now: datetime) -> User:
    """A second manager, fictional too: nobody judges the own request."""
    colleague = User.objects.create_user(
        "responsable2@operateurs.example", first_name="Bruno", last_name="Tanguy"
    )
    colleague.mandate = grant_mandate(
        user=colleague,
        role=Role.OPERATOR_MANAGER,
        scope=MandateScope(organisation=manager.mandate.organisation if manager.mandate else None),
        starts_on=date(2024, 1, 2),
        by=None,
        now=now,
    )
    return colleague
