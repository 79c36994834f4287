"""What pathways add to the personal space and to a person's rights."""

from beneficiaries.request.hooks import PASTS
from beneficiaries.rights.hooks import ACTIVITIES
from beneficiaries.space.hooks import PANELS, OpenSpace
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Source, Tasks, first_tasks
from operators.casework.pathways import person_file, presenters, selectors
from operators.casework.pathways.hooks import Day
from operators.menus import ADVISER


def pathway_panel(space: OpenSpace) -> dict | None:
    """« Mon conseiller », with the latest pathway; hidden before the first session."""
    pathway = selectors.latest_pathway(beneficiary=space.beneficiary)
    if pathway is None:
        return None
    return {
        "pathway": pathway,
        "session_count": pathway.session_count,  # type: ignore[attr-defined]  # annotated by the selector
        "last": pathway.last_held_on,  # type: ignore[attr-defined]
    }


def to_log(day: Day) -> Tasks:
    """The sessions that wait for their log, the oldest first: the proof of what was held."""
    waiting = selectors.appointments_to_log(user=day.user, now=day.now)
    return first_tasks(waiting, lambda appointment: presenters.to_log(appointment, now=day.now), most=12)


def contribute() -> None:
    MENU.add(
        Entry("Aujourd’hui", "operators:today", ADVISER, order=10, counts=True),
        Entry("Parcours", "operators:pathway_list", ADVISER, order=20),
    )
    TO_DOS.add(Source("to_log", "Séances à saisir", ADVISER, selectors.of_adviser(to_log)), order=10)
    PASTS.add(selectors.people_with_pathway)
    ACTIVITIES.add(person_file.received_since)
    PANELS.add(PagePart("Mon conseiller", "operators/casework/pathways/panel.html", pathway_panel), order=40)
