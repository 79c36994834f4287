"""One line judged alone: closed lists, dates, places, contracts. What needs other lines comes later."""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from beneficiaries.request.rules import ALPHABET, REFERENCE_LENGTH
from cep_portal.common.days import PARIS, local_day
from cep_portal.common.fact_rules import FactRule
from cep_portal.common.nir import holds_nir
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.rules.facts import broken_by_dates
from operators.casework.pathways.rules.sessions import BEGUN, LENGTH, broken_by_contract, has_length
from operators.exchange.deliveries.enums import LineKind
from operators.exchange.deliveries.rules.cells import (
    MARKS,
    SHIFTED_MARK,
    broken_number,
    folded,
    parse_instant,
    whole_minutes,
)
from operators.exchange.deliveries.rules.columns import (
    APPOINTMENT,
    BY_NAME,
    COLUMNS,
    ID_FIELDS,
    LIST_SIGN,
    NAMES,
    READINGS,
    REQUEST,
    SESSION,
)

PLACE = {name: place for place, name in enumerate(NAMES)}
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
METROPOLE = ZoneInfo(PARIS)
OLDEST, NEWEST = datetime(2019, 1, 1, tzinfo=UTC), timedelta(days=366)
WITHDRAWN = "(retiré)"

NEEDED = {kind: tuple(column.name for column in COLUMNS if kind in column.needed) for kind in LineKind}
EMPTY = {kind: tuple(column.name for column in COLUMNS if kind not in column.kinds) for kind in LineKind}
WITHDRAWAL = ("nature", "id", "retrait")
ASIDE = ("distinct_de", "correction")  # said of a line, and no fact: the same facts keep their digest
CANCELLATION = ("annule_le", "annule_par", "motif")


@dataclass(frozen=True)
class KnownSite:
    pk: int
    zone: ZoneInfo
    contract_id: int
    starts_on: date
    ends_on: date
    region: str


@dataclass(frozen=True)
class Covering:
    """A contract that may receive people of a region, in answering order."""

    contract_id: int
    is_own: bool
    starts_on: date
    ends_on: date


@dataclass
class Known:
    """What an operator's lines may name: its sites and advisers, and who receives each commune."""

    sites: dict[str, KnownSite]
    advisers: dict[str, int]
    communes: dict[str, tuple[str, str]]  # code: region, zone
    covering: dict[str, list[Covering]]
    now: datetime
    zones: dict[str, ZoneInfo] = field(default_factory=dict)

    def zone(self, name: str) -> ZoneInfo:
        return self.zones.setdefault(name, ZoneInfo(name))

    def contract(self, region: str, on: date) -> int | None:
        """The operator's own contract when it answers for a region on a day."""
        for covering in self.covering.get(region, ()):
            if covering.starts_on <= on <= covering.ends_on:
                return covering.contract_id if covering.is_own else None
        return None


@dataclass(frozen=True)
class Problem:
    field: str
    what: str
    how: str


class Checked:
    """A line being read: its values, and every problem found on the way."""

    def __init__(self, number: int, cells: Sequence[str]) -> None:
        self.number = number
        self.cells = cells
        self.kind: LineKind | None = None
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def __getitem__(self, name: str) -> str:
        return self.cells[PLACE[name]]

    def refuse(self, name: str, what: str, how: str) -> None:
        self.problems.append(Problem(name, what, how))

    def break_rule(self, rule: FactRule, name: str = "") -> None:
        self.refuse(name or rule.column, rule.what, rule.how)

    @property
    def digest(self) -> bytes:
        """The same facts give the same digest, whatever the format or the way a date is written."""
        facts = sorted((name, repr(value)) for name, value in self.values.items() if name not in ASIDE)
        return blake2b(repr((self.kind, facts)).encode(), digest_size=16).digest()

    def problems_json(self) -> str | None:
        if not self.problems:
            return None
        return json.dumps([vars(problem) for problem in self.problems], ensure_ascii=False)


def check_line(number: int, cells: Sequence[str], known: Known) -> Checked:
    """Read one line; `problems` names the field, what is wrong and how to mend it."""
    line = Checked(number, cells)
    _check_nir(line)
    if line["nature"].startswith(SHIFTED_MARK):
        line.refuse(
            "nature",
            "Cette ligne a plus de cellules que le fichier n’a de titres : ses colonnes sont décalées.",
            "Retirez le séparateur en trop, ou mettez la cellule entre guillemets.",
        )
        return line
    nature = READINGS["nature"].get(folded(line["nature"]))
    if nature is None:
        line.refuse("nature", _not_in_list(line["nature"]), _choose_from("nature"))
        return line
    line.kind = LineKind(nature)
    if line["retrait"] and line.kind in BY_NAME["retrait"].kinds:
        _withdrawal(line)
        return line
    _check_presence(line, line.kind)
    _check_ids(line)
    _check_lists(line)
    {REQUEST: _request, APPOINTMENT: _appointment, SESSION: _session}.get(line.kind, _closing)(line, known)
    return line


def _withdrawal(line: Checked) -> None:
    """A fact taken back: its kind, its number and why; what else the line says is not read."""
    line.cells = [cell if name in WITHDRAWAL else "" for name, cell in zip(NAMES, line.cells, strict=True)]
    if not line["id"]:
        line.refuse("id", "Cette cellule est vide.", f"Remplissez-la : {BY_NAME['id'].text}")
    _check_ids(line)
    _check_lists(line)
    line.values = {name: value for name, value in line.values.items() if value is not None}


def kept_cells(cells: Sequence[str]) -> list[str]:
    """The cells as they may be kept: none holds a social-security number, nor a mark of ours."""
    return [WITHDRAWN if _is_nir(cell) else cell.lstrip(MARKS) for cell in cells]


def _is_nir(cell: str) -> bool:
    return bool(cell) and not UUID_SHAPE.fullmatch(cell) and holds_nir(cell)


def _check_nir(line: Checked) -> None:
    if not holds_nir("\t".join(line.cells).replace("\t", " ; ")):
        return
    for name, cell in zip(NAMES, line.cells, strict=True):
        if _is_nir(cell):
            line.refuse(
                name,
                "Cette cellule ressemble à un numéro de sécurité sociale : il n’est jamais demandé.",
                "Remplacez-le par un numéro de votre logiciel, sans sens.",
            )


def _not_in_list(given: str) -> str:
    return f"« {given[:40]} » n’est pas dans la liste." if given else "Cette cellule est vide."


def _choose_from(name: str) -> str:
    return f"Écrivez {', '.join(value for value, _ in BY_NAME[name].choices)}."


def _check_presence(line: Checked, kind: LineKind) -> None:
    for name in NEEDED[kind]:
        if not line[name]:
            line.refuse(name, "Cette cellule est vide.", f"Remplissez-la : {BY_NAME[name].text}")
    for name in EMPTY[kind]:
        if line[name]:
            line.refuse(name, f"Une ligne {kind} ne remplit pas cette colonne.", "Videz cette cellule.")


def _check_ids(line: Checked) -> None:
    for name in ID_FIELDS:
        text = line[name]
        broken = broken_number(text) if text else None
        if broken is not None:
            line.refuse(name, *broken)
        else:
            line.values[name] = text or None


def _check_lists(line: Checked) -> None:
    for name, ways in READINGS.items():
        text = line[name]
        if not text or name == "nature":
            continue
        if BY_NAME[name].is_list:
            written = [item.strip() for item in text.split(LIST_SIGN) if item.strip()]
            chosen = {ways.get(folded(item)) for item in written}
            if None in chosen or not chosen:
                wrong = next((item for item in written if folded(item) not in ways), text)
                line.refuse(name, _not_in_list(wrong), f"{_choose_from(name)[:-1]}, séparés par « | ».")
            else:
                line.values[name] = [value for value, _ in BY_NAME[name].choices if value in chosen]
        elif folded(text) not in ways:
            line.refuse(name, _not_in_list(text), _choose_from(name))
        else:
            line.values[name] = ways[folded(text)]


def _instant(line: Checked, name: str, zone: ZoneInfo, known: Known, *, past: bool = True) -> datetime | None:
    text = line[name]
    if not text:
        return None
    instant = parse_instant(text, zone)
    if instant is None:
        line.refuse(
            name,
            f"« {text[:40]} » n’est pas une date avec son heure, ou l’heure n’existe pas ce jour-là.",
            "Écrivez par exemple 2026-03-12 10:00, ou 12/03/2026 10:00.",
        )
    elif past and instant > known.now:
        line.break_rule(BEGUN, name)
    elif instant < OLDEST or instant > known.now + NEWEST:
        line.refuse(name, "Cette date est trop ancienne ou trop lointaine.", "Vérifiez l’année.")
    else:
        line.values[name] = instant
        return instant
    return None


def _minutes(line: Checked) -> None:
    text = line["duree_minutes"]
    if not text:
        return
    minutes = whole_minutes(text)
    if minutes is None:
        line.refuse("duree_minutes", f"« {text[:40]} » n’est pas un nombre entier de minutes.", LENGTH.how)
    elif not has_length(minutes):
        line.break_rule(LENGTH)
    else:
        line.values["duree_minutes"] = minutes


def _request(line: Checked, known: Known) -> None:
    commune = line["commune"].upper()
    if commune.isdecimal():
        commune = commune.zfill(5)  # a spreadsheet drops the zero of « 01004 », and no code has four signs
    place = known.communes.get(commune)
    if place is None:
        if line["commune"]:
            line.refuse("commune", "Aucune commune n’a ce code INSEE.", "Écrivez les 5 signes, zéro compris.")
        _instant(line, "date_heure", METROPOLE, known)
        return
    region, zone_name = place
    zone = known.zone(zone_name)
    line.values["commune"] = commune
    line.values.setdefault("urgence", "NO_HURRY")
    asked_at = _instant(line, "date_heure", zone, known)
    if asked_at is None:
        return
    contract = known.contract(region, local_day(asked_at, zone))
    if contract is None:
        line.refuse(
            "commune",
            "Votre contrat ne couvrait pas cette commune ce jour-là.",
            "Vérifiez la commune et la date ; sinon retirez la ligne.",
        )
    else:
        line.values["contract"], line.values["region"] = contract, region


def _site(line: Checked, known: Known) -> KnownSite | None:
    site = known.sites.get(line["lieu"].lower())
    if site is None and line["lieu"]:
        line.refuse("lieu", "Aucun de vos lieux n’a cet identifiant.", "Lisez « Mes lieux et conseillers ».")
    adviser = known.advisers.get(line["conseiller"].lower())
    if adviser is None and line["conseiller"]:
        line.refuse(
            "conseiller",
            "Aucun de vos conseillers n’a cet identifiant.",
            "Lisez « Mes lieux et conseillers ».",
        )
    if site is not None:
        line.values["site"] = site.pk
    if adviser is not None:
        line.values["adviser"] = adviser
    return site


def _meeting(line: Checked, known: Known, *, past: bool) -> tuple[KnownSite | None, datetime | None]:
    """What appointments and sessions share: where, with whom, when, how long, under which contract."""
    site = _site(line, known)
    _minutes(line)
    zone = site.zone if site else METROPOLE
    starts_at = _instant(line, "date_heure", zone, known, past=past)
    if site and starts_at:
        day = local_day(starts_at, zone)
        line.values["day"] = day
        line.values["contract"], line.values["region"] = site.contract_id, site.region
        broken = broken_by_contract(held_on=day, starts_on=site.starts_on, ends_on=site.ends_on)
        if broken is not None:
            line.break_rule(broken)
    return site, starts_at


def _appointment(line: Checked, known: Known) -> None:
    state = line.values.get("etat")
    over = state in {AppointmentState.ATTENDED, AppointmentState.NO_SHOW}
    site, starts_at = _meeting(line, known, past=over)
    zone = site.zone if site else METROPOLE
    booked_at, cancelled_at = _instant(line, "pris_le", zone, known), None
    if state == AppointmentState.CANCELLED:
        cancelled_at = _cancellation(line, zone, known)
    elif state is not None:
        for name in CANCELLATION:
            if line[name]:
                line.refuse(
                    name, "Ce rendez-vous n’est pas annulé.", "Videz cette cellule, ou corrigez l’état."
                )
    if booked_at and starts_at:
        broken = broken_by_dates(
            booked_at=booked_at, starts_at=starts_at, requested_at=None, cancelled_at=cancelled_at
        )
        if broken is not None:
            line.break_rule(broken)


def _cancellation(line: Checked, zone: ZoneInfo, known: Known) -> datetime | None:
    for name in ("annule_le", "annule_par"):
        if not line[name]:
            line.refuse(
                name, "Une annulation dit quand et par qui.", f"Remplissez-la : {BY_NAME[name].label}."
            )
    return _instant(line, "annule_le", zone, known)


def _session(line: Checked, known: Known) -> None:
    _meeting(line, known, past=True)


def _closing(line: Checked, known: Known) -> None:
    _instant(line, "date_heure", METROPOLE, known)


def new_reference() -> str:
    """As beneficiaries.request.rules.new_reference, in one draw: a delivery makes thousands."""
    drawn = secrets.randbits(5 * REFERENCE_LENGTH)
    return "".join(ALPHABET[(drawn >> (5 * place)) & 31] for place in range(REFERENCE_LENGTH))
