"""What notes add to the subjects below, once, when the app is ready."""

from beneficiaries.rights import registry as rights
from beneficiaries.space.registry import Page, register_page
from operators.casework.desk.person_file import reasons_given
from operators.casework.notes import panels, person_file
from operators.casework.pathways import registry


def register() -> None:
    person_file.declare()
    rights.register_file_kind(
        rights.FileKind("operators.note", "Notes d’entretien", person_file.note_readers, reasons_given)
    )
    registry.register_section(
        panels.notes_section,
        title="Notes d’entretien",
        template="operators/casework/notes/section.html",
        order=20,
    )
    registry.register_then("note", label="Saisir et écrire une note", function=panels.note_of_session)
    registry.register_to_do(panels.notes_to_do, title="Notes demandées", order=40)
    register_page(
        Page(
            slug="notes",
            title="Mes notes d’entretien",
            text="Demander à lire ce qui a été écrit.",
            order=30,
            context=panels.notes_page,
            template="operators/casework/notes/space_page.html",
        )
    )
