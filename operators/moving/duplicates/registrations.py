"""What duplicates add to other subjects, once, in AppConfig.ready()."""

from beneficiaries.rights.registry import FileKind, register_file_kind
from operators.casework.pathways import registry
from operators.moving.duplicates import panels, person_file


def register() -> None:
    person_file.declare()
    register_file_kind(
        FileKind(
            "operators.personmerge",
            "Dossiers réunis",
            person_file.merge_readers,
            person_file.reasons_given,
            person_file.ACTS,
        )
    )
    registry.register_section(
        panels.same_person_section,
        title="La même personne ?",
        template="operators/moving/duplicates/section.html",
        order=90,
    )
    registry.register_timeline(panels.merge_happenings)
