"""What files add to the subjects below, once, when the app is ready."""

from beneficiaries.rights import registry as rights
from beneficiaries.space.registry import register_panel
from operators.casework.attachments import panels, person_file
from operators.casework.desk.person_file import reasons_given
from operators.casework.pathways.registry import register_section


def register() -> None:
    person_file.declare()
    rights.register_file_kind(
        rights.FileKind(
            "operators.attachment", "Fichier du parcours", person_file.attachment_readers, reasons_given
        )
    )
    register_section(
        panels.attachments_section,
        title="Fichiers",
        template="operators/casework/attachments/section.html",
        order=30,
    )
    register_panel(
        title="Mes fichiers",
        order=45,
        context=panels.attachments_panel,
        template="operators/casework/attachments/panel.html",
    )
