"""What duplicates add to other subjects, once, in AppConfig.ready()."""

from beneficiaries.rights.registry import FileKind, register_file_kind
from operators.casework.pathways import registry
from operators.moving.duplicates import files, panels


def register() -> None:
    files.declare()
    register_file_kind(
        FileKind(
            "operators.personmerge",
            "Dossiers réunis",
            files.merge_readers,
            files.reasons_given,
            files.ACTS,
        )
    )
    registry.register_section(
        panels.same_person_section,
        title="La même personne ?",
        template="operators/moving/duplicates/section.html",
        order=90,
    )
    registry.register_timeline(panels.merge_happenings)
