from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks
from cep_portal.common.wording.dates import short_instant
from cep_portal.common.wording.numbers import plural
from operators.casework.pathways.hooks import PATHWAY_JOINS, PERSON_MERGES
from operators.exchange.deliveries import selectors
from operators.exchange.deliveries.services.merges import join_keys, move_keys
from operators.menus import DATA, MANAGER, OPERATORS


def to_mend(reading: Reading) -> Tasks:
    """The last file sent, while some of its lines are refused."""
    last = selectors.delivery_list(user=reading.user).filter(is_trial=False).first()
    if last is None or not last.refused_count:
        return Tasks()
    count = last.refused_count
    task = Task(
        verb=f"Corriger {count} ligne{plural(count)} refusée{plural(count)} :",
        about=last.file_name,
        url=reverse("operators:delivery_detail", args=[last.uuid]),
        note=f"envoyée {short_instant(last.sent_at)}",
    )
    return Tasks([task], 1)


def contribute() -> None:
    watchers = frozenset({Role.CONTRACT_MANAGER, Role.DECIDER, Role.ANALYST})
    MENU.add(
        Entry("Remontées", "operators:delivery_list", MANAGER, order=88, group=DATA),
        Entry("Remontées", "operators:supply", watchers, order=59, group=OPERATORS),
    )
    TO_DOS.add(Source("refused_lines", "Lignes refusées", MANAGER, to_mend), order=50)
    PERSON_MERGES.add(move_keys)
    PATHWAY_JOINS.add(join_keys)
