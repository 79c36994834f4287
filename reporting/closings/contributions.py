from django.db.models import QuerySet
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks
from cep_portal.common.wording.dates import long_month
from cep_portal.common.wording.names import of
from cep_portal.messaging.hooks import COMPOSERS
from operators.casework.pathways.hooks import FREEZES
from procurement.menus import CONTRACT, EXECUTION
from reporting.closings import notices, selectors
from reporting.closings.enums import ClosingState
from reporting.closings.models import Closing, DataDispute, Neutralisation, Reopening, Restatement

MANAGER = frozenset({Role.OPERATOR_MANAGER})
ANALYST = frozenset({Role.ANALYST})
CONTRACT_MANAGER = frozenset({Role.CONTRACT_MANAGER})
DECIDER = frozenset({Role.DECIDER})


def to_check(reading: Reading) -> Tasks:
    """The months of the holder that may still be contested, the first last day first."""

    def task(closing: Closing) -> Task:
        return Task(
            verb="Vérifier les chiffres",
            about=of(long_month(closing.month)),
            url=reverse("reporting:own_closing", args=[closing.uuid]),
            due_on=closing.contest_until,
            note=str(closing.contract.lot),
        )

    open_months = selectors.own_closings(user=reading.user).filter(
        state=ClosingState.PROVISIONAL, contest_until__gte=reading.today
    )
    return first_tasks(open_months, task, reverse("reporting:own_closings"))


def to_answer(reading: Reading) -> Tasks:
    """The disputes without an answer: the month waits for them."""

    def task(dispute: DataDispute) -> Task:
        closing = dispute.closing
        return Task(
            verb="Répondre à la contestation du titulaire",
            about=f"{closing.contract.holder.name}, {long_month(closing.month)}",
            url=reverse("reporting:closing", args=[closing.uuid]),
            due_on=closing.freeze_from,
            note=str(closing.contract.lot),
        )

    return first_tasks(selectors.waiting_disputes(user=reading.user), task, reverse("reporting:closings"))


def to_freeze(reading: Reading) -> Tasks:
    """The months whose day has come, the longest waiting first."""

    def task(closing: Closing) -> Task:
        return Task(
            verb="Arrêter le mois",
            about=of(long_month(closing.month)),
            url=reverse("reporting:closing", args=[closing.uuid]),
            due_on=closing.freeze_from,
            note=f"{closing.contract.lot} · {closing.contract.holder.name}",
        )

    waiting = selectors.waiting_freezes(user=reading.user, on=reading.today)
    return first_tasks(waiting, task, reverse("reporting:closings"))


def neutral_to_decide(reading: Reading) -> Tasks:
    """The neutralisations proposed, oldest first."""

    def task(neutral: Neutralisation) -> Task:
        return Task(
            verb="Décider la neutralisation",
            about=neutral.contract.holder.name,
            url=reverse("reporting:closing", args=[neutral.closing_uuid]),  # type: ignore[attr-defined]  # annotated
            note=f"{neutral.contract.lot} · {neutral.get_reason_display()}",
        )

    return first_tasks(
        selectors.waiting_neutralisations(user=reading.user), task, reverse("reporting:closings")
    )


def reopenings_to_decide(reading: Reading) -> Tasks:
    def task(reopening: Reopening) -> Task:
        closing = reopening.closing
        return Task(
            verb="Décider la réouverture",
            about=f"{closing.contract.holder.name}, {long_month(closing.month)}",
            url=reverse("reporting:closing", args=[closing.uuid]),
        )

    return first_tasks(selectors.waiting_reopenings(user=reading.user), task, reverse("reporting:closings"))


def to_reopen(_reading: Reading) -> Tasks:
    """The months that a decider wants reopened: a second person asks, with reasons of its own."""

    def task(restatement: Restatement) -> Task:
        closing = restatement.frozen.closing
        return Task(
            verb="Demander la réouverture",
            about=of(long_month(closing.month)),
            url=reverse("reporting:closing", args=[closing.uuid]),
            note=f"{closing.contract.lot} · {closing.contract.holder.name}",
        )

    return first_tasks(selectors.restatements_to_reopen(), task, reverse("reporting:closings"))


def restatements_to_decide(_reading: Reading) -> Tasks:
    def task(restatement: Restatement) -> Task:
        frozen = restatement.frozen
        return Task(
            verb="Décider la révision du chiffre",
            about=f"{frozen.closing.contract.holder.name}, {long_month(frozen.month)}",
            url=reverse("reporting:figure", args=[frozen.uuid]),
        )

    waiting: QuerySet[Restatement] = selectors.waiting_restatements()
    return first_tasks(waiting, task, reverse("reporting:closings"))


def contribute() -> None:
    COMPOSERS.add(*notices.COMPOSERS)
    FREEZES.add(selectors.first_open_days)
    TO_DOS.add(
        Source("closings_to_check", "Chiffres à vérifier", MANAGER, to_check),
        Source("disputes_to_answer", "Contestations à répondre", CONTRACT_MANAGER, to_answer),
        Source("closings_to_freeze", "Mois à arrêter", ANALYST, to_freeze),
        Source("months_to_reopen", "Mois à rouvrir", ANALYST, to_reopen),
        Source("neutral_to_decide", "Neutralisations à décider", DECIDER, neutral_to_decide),
        Source("reopenings_to_decide", "Réouvertures à décider", DECIDER, reopenings_to_decide),
        Source("restatements_to_decide", "Révisions à décider", DECIDER, restatements_to_decide),
        order=7,
    )
    steering = ANALYST | CONTRACT_MANAGER | DECIDER
    MENU.add(
        Entry("Arrêtés mensuels", "reporting:closings", steering, order=61, group=EXECUTION),
        Entry("Arrêtés mensuels", "reporting:own_closings", MANAGER, order=60, group=CONTRACT),
    )
