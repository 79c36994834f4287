from django.core.management.base import BaseCommand
from django.utils import timezone

from operators.casework.referrals.services import load_doors


class Command(BaseCommand):
    help = "Put the national doors in the directory of referrals; what people changed is left alone."

    def handle(self, *_args: object, verbosity: int, **_options: object) -> None:
        count = load_doors(now=timezone.now())
        if verbosity:
            self.stdout.write(f"{'doors':<22}{count:>8}")
