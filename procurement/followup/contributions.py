from collections.abc import Callable

from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks
from cep_portal.common.wording.dates import long_month
from cep_portal.messaging.hooks import COMPOSERS
from procurement.contracts.hooks import PARTS, TALLIES
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from procurement.followup.selectors import PENALTY_TALLIES, penalties_in, penalties_to_decide, penalty_part
from procurement.followup.services import messages
from procurement.menus import CONTRACT, EXECUTION

MANAGER = frozenset({Role.OPERATOR_MANAGER})
CONTRACT_MANAGER = frozenset({Role.CONTRACT_MANAGER})
DECIDER = frozenset({Role.DECIDER})


def to_answer(reading: Reading) -> Tasks:
    """The penalties that wait for the observations of the holder, the nearest last day first."""

    def task(penalty: Penalty) -> Task:
        return Task(
            verb="Répondre à la pénalité",
            about=_about(penalty),
            url=reverse("procurement:own_penalty", args=[penalty.uuid]),
            due_on=penalty.observations_due_on,
            note=str(penalty.version.commitment.contract.lot),
            is_pinned=True,
        )

    waiting = penalties_in(user=reading.user, state=PenaltyState.NOTIFIED)
    return first_tasks(waiting, task, reverse("procurement:own_penalty_list"))


def to_decide(reading: Reading) -> Tasks:
    """The penalties heard, or met with silence, the longest waiting first."""
    waiting = penalties_to_decide(user=reading.user)
    return first_tasks(waiting, _steering("Décider la pénalité"), reverse("procurement:to_decide"))


def to_notify(reading: Reading) -> Tasks:
    """The penalties that the assessment proposed: notified, or dropped."""
    waiting = penalties_in(user=reading.user, state=PenaltyState.PROPOSED)
    more = f"{reverse('procurement:penalty_list')}?etat={PenaltyState.PROPOSED}"
    return first_tasks(waiting, _steering("Notifier ou abandonner la pénalité"), more)


def _steering(verb: str) -> Callable[[Penalty], Task]:
    def task(penalty: Penalty) -> Task:
        return Task(
            verb=verb,
            about=_about(penalty),
            url=reverse("procurement:penalty_detail", args=[penalty.uuid]),
            note=f"{penalty.version.commitment.contract.holder.name} · {penalty.get_state_display()}",
        )

    return task


def _about(penalty: Penalty) -> str:
    return f"{penalty.version.commitment.title}, {long_month(penalty.month)}"


def contribute() -> None:
    COMPOSERS.add(*messages.COMPOSERS)
    PARTS.add(PagePart("Pénalités", "procurement/followup/panel.html", penalty_part), order=20)
    TALLIES.add(*PENALTY_TALLIES, order=20)
    steering = frozenset({Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER})
    TO_DOS.add(
        Source("penalties_to_answer", "Pénalités à observer", MANAGER, to_answer),
        Source("penalties_to_decide", "Pénalités à décider", DECIDER, to_decide),
        Source("penalties_to_notify", "Pénalités à notifier", CONTRACT_MANAGER, to_notify),
        order=5,
    )
    MENU.add(
        Entry("À décider", "procurement:to_decide", DECIDER, order=10),
        Entry("Pénalités", "procurement:penalty_list", steering, order=62, group=EXECUTION),
        Entry("Pénalités", "procurement:own_penalty_list", MANAGER, order=70, group=CONTRACT),
    )
