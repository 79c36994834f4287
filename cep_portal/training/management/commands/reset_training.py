import time

from django.core.management.base import BaseCommand, CommandError

from cep_portal.training.errors import PlaceBusy, TrainingOnly
from cep_portal.training.services import reset_place


class Command(BaseCommand):
    help = "Put the training place back to its first day. Refused everywhere else."

    def handle(self, *_args, **_options) -> None:
        started = time.monotonic()
        try:
            reset_place(tell=self.stdout.write)
        except (TrainingOnly, PlaceBusy) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Put back in {time.monotonic() - started:.1f} s.")
