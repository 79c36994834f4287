from django.core.management.base import BaseCommand

from cep_portal.common.personal_data import PersonManifest, declarations

HEAD = ("modèle", "titre", "conservation", "réunion de dossiers", "transfert", "ouverture au journal")


class Command(BaseCommand):
    help = "Print what is kept about people: a line for each model, in the order of a person's copy."
    requires_system_checks = ()  # no database is asked

    def handle(self, **_options: object) -> None:
        self.stdout.write(" | ".join(HEAD))
        for manifest in declarations():
            self.stdout.write(" | ".join(_cells(manifest)))


def _cells(manifest: PersonManifest) -> tuple[str, ...]:
    merges = ", ".join(f"{column} : {treatment.value}" for column, treatment in manifest.on_merge.items())
    return (
        manifest.model._meta.label,
        manifest.title,
        manifest.retention,
        merges,
        manifest.on_transfer or "",
        manifest.opened.label if manifest.opened else "",
    )
