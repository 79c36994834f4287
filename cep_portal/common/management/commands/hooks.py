"""Who answers what: every hook of the portal, what it is asked with, and the subjects that answer."""

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from django.apps import apps
from django.core.management.base import BaseCommand

from cep_portal.common import navigation, to_do
from cep_portal.common.hooks import Hook
from cep_portal.common.subjects import PortalConfig, modules

PREFIXES = re.compile(r"^(operators|cep_portal)\.")
MOST = 20  # a hook that this many answer, as the menu, is answered by nearly everybody
HEADINGS = ("Hook", "Asks for", "Contribution", "Answered by, in order")


class Row(NamedTuple):
    hook: str
    asks_for: str
    contribution: str
    subjects: str


def every_hook() -> Iterator[tuple[str, Hook]]:
    """Each hook with the name to import it by, from low apps to high ones."""
    configs = [config for config in apps.get_app_configs() if isinstance(config, PortalConfig)]
    subjects = [subject for config in reversed(configs) for subject in (config.name, *config.subjects)]
    for module in (navigation, to_do, *modules("hooks", *subjects)):
        for name, value in vars(module).items():
            if isinstance(value, Hook):
                yield f"{module.__name__}.{name}", value


def rows() -> list[Row]:
    return [
        Row(
            PREFIXES.sub("", name),
            hook.name,
            contribution_of(hook),
            answered_by(hook),
        )
        for name, hook in every_hook()
    ]


def answered_by(hook: Hook) -> str:
    """The subjects that answer, in order; not named one by one when they are nearly all of them."""
    subjects = list(dict.fromkeys(PREFIXES.sub("", answer.subject) for answer in hook.answers))
    return ", ".join(subjects if len(subjects) < MOST else ["most subjects"]) or "—"


def contribution_of(hook: Hook) -> str:
    """The type between the brackets of `Hook[…]`, without modules: « OpenFile → list[Happening] »."""
    (contribution,) = get_args(vars(hook)["__orig_class__"])
    words = re.sub(r"(\w+\.)+(?=\w)", "", inspect.formatannotation(contribution)).replace(" | ", " or ")
    return re.sub(r"^Callable\[\[(.*?)\], (.*)\]$", r"(\1) → \2", words)


def markdown() -> str:
    """The table that docs/architecture.md keeps between its markers."""
    lines = [f"| {' | '.join(HEADINGS)} |", "|---|---|---|---|"]
    lines += [f"| `{row.hook}` | {row.asks_for} | `{row.contribution}` | {row.subjects} |" for row in rows()]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Print every hook of the portal and the subjects that answer it."
    requires_system_checks = ()  # no database is asked

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--markdown", action="store_true", help="the table of docs/architecture.md")

    def handle(self, *_args: object, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(markdown(), ending="")
            return
        for row in rows():
            self.stdout.write(f"{row.hook}  {row.contribution}\n    {row.asks_for}: {row.subjects}")
