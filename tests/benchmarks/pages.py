"""What the twenty most used pages weigh: DOM nodes, requests, kilobytes, beside a commit kept in a file."""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from cep_portal.accounts.models import User
from tests.benchmarks.timing import Row

KEPT = Path(__file__).with_suffix(".csv")
KEPT_COMMIT, KEPT_SCALE = "1792df0", "small"
# Who opens it, its name, its arguments, and the beginning of the first link to follow from there.
PAGES = (
    ("", "beneficiaries:home", (), ""),
    ("", "beneficiaries:start", (), ""),
    ("", "operators:site_list", (), ""),
    ("", "operators:site_list", (), "/lieux/"),
    ("camille@personnes.example", "beneficiaries:space", (), ""),
    ("conseil@operateurs.example", "operators:today", (), ""),
    ("conseil@operateurs.example", "operators:agenda", (), ""),
    ("conseil@operateurs.example", "operators:pathway_list", (), ""),
    ("conseil@operateurs.example", "operators:pathway_list", (), "/bureau/parcours/"),
    ("accueil@operateurs.example", "operators:request_list", (), ""),
    ("responsable@operateurs.example", "reporting:lot", (), ""),
    ("responsable@operateurs.example", "operators:team", (), ""),
    ("etudes@pilotage.example", "reporting:national", (), ""),
    ("etudes@pilotage.example", "reporting:region", ("53",), ""),
    ("contrats@pilotage.example", "procurement:contract_list", (), ""),
    ("contrats@pilotage.example", "procurement:contract_list", (), "/pilotage/contrats/"),
    ("contrats@pilotage.example", "procurement:penalty_list", (), ""),
    ("decision@pilotage.example", "procurement:to_decide", (), ""),
    ("comite@regions.example", "reporting:committee", (), ""),
    ("administration@pilotage.example", "accounts:mandate_list", (), ""),
)
FACE = re.compile(r'@font-face \{[^}]*?url\("\.\./(fonts/[^"]+)"\)[^}]*?unicode-range: ([^;]+);', re.DOTALL)


@dataclass(frozen=True)
class Weight:
    """Elements of the page; files a browser with an empty cache asks for; what they weigh, in kilobytes.

    Texts count as gzip sends them, fonts and pictures as they are.
    """

    nodes: int
    requests: int
    kilobytes: float

    def __str__(self) -> str:
        return f"{self.nodes} / {self.requests} / {self.kilobytes:.1f} kB"

    def within(self, kept: "Weight") -> bool:
        return (
            self.nodes <= kept.nodes and self.requests <= kept.requests and self.kilobytes <= kept.kilobytes
        )


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.nodes = 0
        self.files: dict[str, None] = {}
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.nodes += 1
        facts = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(facts.get("href", ""))
        rel = facts.get("rel", "").split()
        file = facts.get("href", "") if tag == "link" and {"stylesheet", "icon"} & set(rel) else ""
        file = facts.get("src", "") if tag in ("script", "img") else file
        if file.startswith(settings.STATIC_URL):
            self.files[file.removeprefix(settings.STATIC_URL)] = None


def page_weights(scale: str) -> list[Row]:
    """One row a page; the kept figures are those of the small demonstration, another has nothing beside."""
    kept = kept_weights() if scale == KEPT_SCALE else {}
    return [_row(name, weight, kept.get(name)) for name, weight in weights()]


def weights() -> Iterator[tuple[str, Weight]]:
    for account, view, arguments, followed in PAGES:
        client = Client()
        if account:
            client.force_login(User.objects.get(email=account))
        address = reverse(view, args=arguments)
        text = client.get(address, follow=True).text
        if followed:
            pattern = re.compile(rf"{followed}[\w-]+/$")
            address = next((link for link in _read(text).links if pattern.match(link)), address)
            text = client.get(address, follow=True).text
        yield f"{view}{' >' if followed else ''}", weight_of(text)


def weight_of(text: str) -> Weight:
    page = _read(text)
    files = [Path(settings.ROOT, "static", name) for name in page.files]
    styles = "".join(file.read_text() for file in files if file.suffix == ".css")
    fonts = {Path(settings.ROOT, "static", name) for name in fonts_used(styles, text)}
    sent = len(gzip.compress(text.encode())) + sum(map(_sent, [*files, *fonts]))
    return Weight(page.nodes, 1 + len(files) + len(fonts), sent / 1000)


def fonts_used(styles: str, text: str) -> set[str]:
    """The faces that hold a character of the page: of two that do, the last one declared."""
    faces = [(name, _ranges(ranges)) for name, ranges in FACE.findall(styles)]
    characters = {ord(character) for character in text}
    names = {
        next((name for name, held in reversed(faces) if any(code in part for part in held)), "")
        for code in characters
    }
    return names - {""}


def _ranges(written: str) -> list[range]:
    bounds = [part.strip().removeprefix("U+").split("-") for part in written.split(",")]
    return [range(int(ends[0], 16), int(ends[-1], 16) + 1) for ends in bounds]


def kept_weights() -> dict[str, Weight]:
    with KEPT.open(encoding="utf-8") as file:
        return {
            line["page"]: Weight(int(line["nodes"]), int(line["requests"]), float(line["kilobytes"]))
            for line in csv.DictReader(file)
        }


def _row(name: str, weight: Weight, kept: Weight | None) -> Row:
    beside = f"{kept} ({KEPT_COMMIT})" if kept else "— (small scale only)"
    ratio = f"{weight.nodes / kept.nodes:.2f}x" if kept else "—"
    return Row(name, str(weight), beside, ratio, "none above", kept is None or weight.within(kept))


def _read(text: str) -> _Elements:
    page = _Elements()
    page.feed(text)
    return page


def _sent(file: Path) -> int:
    content = file.read_bytes()
    return len(content) if file.suffix in (".woff2", ".png", ".jpg") else len(gzip.compress(content))
