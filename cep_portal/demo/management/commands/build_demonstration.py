import time
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cep_portal.demo.dataset.build import is_built, with_shares
from cep_portal.demo.dataset.scale import SCALES
from cep_portal.demo.dataset.whole import build_whole


class Command(BaseCommand):
    help = "Fictional people, sites, history since January 2024 and agenda: the demonstration's data."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default="small")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--day", type=date.fromisoformat, help="the day shown (today in Paris)")
        parser.add_argument("--level-two-share", type=float, help="share of pathways with level 2, 0 to 1")
        parser.add_argument("--no-show-share", type=float, help="share of appointments missed, 0 to 1")

    def handle(self, *_args, **options) -> None:
        if not settings.PORTAL_DEMONSTRATION:
            raise CommandError("PORTAL_DEMONSTRATION is off: fictional data never enters a real portal.")
        if is_built():
            self.stdout.write("Demonstration data is already there.")
            return
        scale = with_shares(
            SCALES[options["scale"]],
            level_two=options["level_two_share"],
            no_show=options["no_show_share"],
            seed=options["seed"],
        )
        started, day = time.monotonic(), options["day"] or timezone.localdate()
        tell = self.stdout.write if options["verbosity"] > 1 else lambda _: None
        counts = build_whole(scale, day=day, tell=tell)
        for table, count in counts.items():
            self.stdout.write(f"{count:>10} {table}")
        self.stdout.write(f"Built in {time.monotonic() - started:.1f} s.")
