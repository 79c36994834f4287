import time

from django.core.management.base import BaseCommand, CommandError

from cep_portal.training.errors import TrainingOnly
from cep_portal.training.services import open_place


class Command(BaseCommand):
    help = "Make an empty database a training place: the invented region and its three months of life."

    def handle(self, *_args, **_options) -> None:
        started = time.monotonic()
        try:
            opened = open_place(tell=self.stdout.write)
        except TrainingOnly as refusal:
            raise CommandError(str(refusal)) from refusal
        seconds = time.monotonic() - started
        self.stdout.write(f"Opened in {seconds:.1f} s." if opened else "The training place is already there.")
