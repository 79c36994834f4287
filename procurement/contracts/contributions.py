from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks, first_tasks
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contracts_ending

CONTRACT_MANAGER = frozenset({Role.CONTRACT_MANAGER})


BUYER = frozenset({Role.BUYER})


def ends(reading: Reading) -> Tasks:
    """The contracts whose last day is near: what follows is prepared before."""

    def task(contract: Contract) -> Task:
        return Task(
            verb="Préparer la fin du contrat :",
            about=str(contract.lot),
            url=reverse("procurement:contract_detail", args=[contract.uuid]),
            due_on=contract.ends_on,
            note=contract.holder.name,
        )

    ending = contracts_ending(user=reading.user, on=reading.today)
    return first_tasks(ending, task, reverse("procurement:contract_list"))


def contribute() -> None:
    others = frozenset(Role.of_france_competences) - CONTRACT_MANAGER
    TO_DOS.add(Source("contract_ends", "Fins de contrat", CONTRACT_MANAGER | BUYER, ends), order=40)
    MENU.add(
        Entry("Mes contrats", "procurement:contract_list", CONTRACT_MANAGER, order=10),
        Entry("Contrats", "procurement:contract_list", others, order=50),
    )
