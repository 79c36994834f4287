"""The published format of a delivery: one header for every way in (CSV, XLSX, JSON)."""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from beneficiaries.request.enums import CommuneBasis, Need, Situation, Urgency
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason
from operators.casework.pathways.enums import ClosingOutcome, CorrectionReason, NextStep, Theme
from operators.exchange.deliveries.enums import LineKind, WithdrawalReason
from operators.exchange.deliveries.rules.cells import folded, readings
from operators.network.enums import Mode, ServiceLevel

REQUEST, APPOINTMENT, SESSION, CLOSING = LineKind
VERSION = 1
LIST_SIGN = "|"
REFUSAL = "a_corriger"  # the column added to refused lines; read back, it is ignored

STATES = (
    AppointmentState.BOOKED,
    AppointmentState.ATTENDED,
    AppointmentState.NO_SHOW,
    AppointmentState.CANCELLED,
)


@dataclass(frozen=True)
class Column:
    """`needed` and `allowed` are the kinds of lines that must, or may, fill it in."""

    name: str
    label: str
    text: str
    needed: tuple[LineKind, ...] = ()
    allowed: tuple[LineKind, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    is_list: bool = False
    examples: dict[LineKind, str] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[LineKind, ...]:
        return self.needed + self.allowed

    def use(self, kind: LineKind) -> str:
        if kind in self.needed:
            return "obligatoire"
        return "facultatif" if kind in self.allowed else "vide"


def _all(choices: type[TextChoices]) -> tuple[tuple[str, str], ...]:
    return tuple((value, str(label)) for value, label in choices.choices)


KINDS = (REQUEST, APPOINTMENT, SESSION, CLOSING)
MEETINGS = (APPOINTMENT, SESSION)

COLUMNS = (
    Column(
        "nature",
        "Nature de la ligne",
        "Ce que dit la ligne.",
        needed=KINDS,
        choices=_all(LineKind),
        examples={kind: str(kind.value) for kind in KINDS},
    ),
    Column(
        "id",
        "Votre numéro",
        "Celui de ce fait dans votre logiciel, stable ; lettres, chiffres et - _ . : / seulement.",
        needed=KINDS,
        examples={REQUEST: "D-1041", APPOINTMENT: "R-2207", SESSION: "S-3310", CLOSING: "C-0087"},
    ),
    Column(
        "personne",
        "Numéro de la personne",
        "Le vôtre, sans sens : ni nom, ni adresse, ni numéro de sécurité sociale.",
        needed=(REQUEST, APPOINTMENT, SESSION),
        examples={REQUEST: "P-5512", APPOINTMENT: "P-5512", SESSION: "P-5512"},
    ),
    Column(
        "parcours",
        "Numéro du parcours",
        "La première séance qui le nomme l’ouvre.",
        needed=(SESSION, CLOSING),
        examples={SESSION: "A-0312", CLOSING: "A-0312"},
    ),
    Column(
        "demande",
        "Numéro de la demande",
        "Celle à laquelle le rendez-vous répond : sans lui, aucun délai n’est mesuré.",
        allowed=(APPOINTMENT,),
        examples={APPOINTMENT: "D-1041"},
    ),
    Column(
        "rendez_vous",
        "Numéro du rendez-vous",
        "Celui que la séance tient ; vide pour une séance sans rendez-vous.",
        allowed=(SESSION,),
        examples={SESSION: "R-2207"},
    ),
    Column(
        "date_heure",
        "Date et heure",
        "De la demande, du début ou de la clôture. AAAA-MM-JJ HH:MM, ou JJ/MM/AAAA HH:MM, à l’heure du lieu "
        "(de Paris pour une clôture) ; ou avec le décalage : 2026-03-12T10:00:00+01:00.",
        needed=KINDS,
        examples={
            REQUEST: "2026-03-02 18:40",
            APPOINTMENT: "2026-03-12 10:00",
            SESSION: "2026-03-12 10:05",
            CLOSING: "2026-03-12 11:10",
        },
    ),
    Column(
        "duree_minutes",
        "Durée en minutes",
        "De 5 à 300.",
        needed=MEETINGS,
        examples={APPOINTMENT: "60", SESSION: "55"},
    ),
    Column(
        "lieu",
        "Lieu",
        "Son identifiant, lu dans « Mes lieux et conseillers ».",
        needed=MEETINGS,
        examples={APPOINTMENT: "mon-cep-chartres", SESSION: "mon-cep-chartres"},
    ),
    Column(
        "conseiller",
        "Conseiller",
        "Son identifiant ou son adresse professionnelle, lus dans « Mes lieux et conseillers ».",
        needed=MEETINGS,
        examples={APPOINTMENT: "conseil@operateur.example", SESSION: "conseil@operateur.example"},
    ),
    Column(
        "niveau",
        "Niveau",
        "Du travail fait.",
        needed=MEETINGS,
        choices=_all(ServiceLevel),
        examples={APPOINTMENT: "ONE", SESSION: "ONE"},
    ),
    Column(
        "modalite",
        "Modalité",
        "Où l’on se parle.",
        needed=MEETINGS,
        choices=_all(Mode),
        examples={APPOINTMENT: "ON_SITE", SESSION: "ON_SITE"},
    ),
    Column(
        "etat",
        "État du rendez-vous",
        "À ce jour ; renvoyez la ligne quand il change.",
        needed=(APPOINTMENT,),
        choices=tuple((state.value, str(state.label)) for state in STATES),
        examples={APPOINTMENT: "ATTENDED"},
    ),
    Column(
        "pris_le",
        "Pris le",
        "Quand le rendez-vous a été pris ; même écriture que date_heure.",
        needed=(APPOINTMENT,),
        examples={APPOINTMENT: "2026-03-02 18:45"},
    ),
    Column(
        "annule_le",
        "Annulé le",
        "Pour un rendez-vous annulé seulement.",
        allowed=(APPOINTMENT,),
    ),
    Column(
        "annule_par",
        "Annulé par",
        "Pour un rendez-vous annulé seulement.",
        allowed=(APPOINTMENT,),
        choices=_all(CancelledBy),
    ),
    Column(
        "motif",
        "Motif d’annulation",
        "Pour un rendez-vous annulé seulement.",
        allowed=(APPOINTMENT,),
        choices=_all(CancelReason),
    ),
    Column(
        "themes",
        "Thèmes",
        "Séparés par « | ».",
        needed=(SESSION,),
        choices=_all(Theme),
        is_list=True,
        examples={SESSION: "SITUATION|PROJECT"},
    ),
    Column(
        "suite",
        "Suite",
        "Ce qui vient après la séance.",
        needed=(SESSION,),
        choices=_all(NextStep),
        examples={SESSION: "CLOSE"},
    ),
    Column(
        "issue",
        "Issue",
        "Comment le parcours s’arrête.",
        needed=(CLOSING,),
        choices=tuple(ClosingOutcome.to_choose()),
        examples={CLOSING: "PROJECT_READY"},
    ),
    Column(
        "situation",
        "Situation",
        "De la personne, le jour de la demande.",
        needed=(REQUEST,),
        choices=_all(Situation),
        examples={REQUEST: "EMPLOYEE"},
    ),
    Column(
        "commune",
        "Commune",
        "Code INSEE, de 5 signes.",
        needed=(REQUEST,),
        examples={REQUEST: "28085"},
    ),
    Column(
        "commune_de",
        "Commune de",
        "Où la personne habite, ou travaille.",
        needed=(REQUEST,),
        choices=_all(CommuneBasis),
        examples={REQUEST: "HOME"},
    ),
    Column(
        "besoins",
        "Besoins",
        "Séparés par « | ».",
        needed=(REQUEST,),
        choices=_all(Need),
        is_list=True,
        examples={REQUEST: "TAKE_STOCK|TRAINING"},
    ),
    Column(
        "urgence",
        "Ce qui presse",
        "Rien, si c’est vide.",
        allowed=(REQUEST,),
        choices=_all(Urgency),
        examples={REQUEST: "NO_HURRY"},
    ),
    Column(
        "correction",
        "Motif de la correction",
        "Quand une séance déjà connue change : pourquoi.",
        allowed=(SESSION,),
        choices=_all(CorrectionReason),
    ),
    Column(
        "retrait",
        "Retrait",
        "Pour retirer un fait déjà pris : pourquoi. Seuls la nature et votre numéro sont alors lus. "
        "Une demande ne se retire pas.",
        allowed=(APPOINTMENT, SESSION, CLOSING),
        choices=_all(WithdrawalReason),
    ),
    Column(
        "distinct_de",
        "Fait distinct de",
        "Vide, sauf quand un refus demande si deux faits en sont bien deux : le numéro de l’autre.",
        allowed=KINDS,
    ),
)
NAMES = tuple(column.name for column in COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
COMPULSORY = ("nature", "id")
ID_FIELDS = ("id", "personne", "parcours", "demande", "rendez_vous", "distinct_de")
ID_PLACES = tuple(NAMES.index(name) for name in ID_FIELDS)
READINGS = {column.name: readings(column.choices) for column in COLUMNS if column.choices}
HEADINGS = {folded(column.label): column.name for column in COLUMNS} | {
    folded(name): name for name in (*NAMES, REFUSAL)
}


def column_name(text: str) -> str:
    """The column that a heading names, by its name or its label: accents, capitals, spaces do not matter."""
    plain = folded(text)
    return HEADINGS.get(plain, plain.replace(" ", "_"))


def example_rows() -> list[list[str]]:
    """One line of each kind, that together tell one person's road."""
    return [[column.examples.get(kind, "") for column in COLUMNS] for kind in KINDS]


def json_schema() -> dict:
    """JSON Schema (2020-12) of a delivery sent as JSON; CSV and XLSX have the same columns, as text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Remontée de données d’un opérateur du CEP",
        "description": f"Version {VERSION} du format. L’ordre des lignes est libre.",
        "type": "object",
        "required": ["lignes"],
        "additionalProperties": False,
        "properties": {"lignes": {"type": "array", "minItems": 1, "items": {"oneOf": _lines()}}},
    }


def _lines() -> list[dict]:
    return [
        {
            "title": str(kind.label),
            "type": "object",
            "required": [column.name for column in COLUMNS if kind in column.needed],
            "additionalProperties": False,
            "properties": {
                column.name: _property(column, kind)
                for column in COLUMNS
                if kind in column.kinds and column.name != "retrait"
            },
            "examples": [
                {column.name: column.examples[kind] for column in COLUMNS if kind in column.examples}
            ],
        }
        for kind in KINDS
    ] + [_withdrawal()]


def _withdrawal() -> dict:
    kinds = [kind.value for kind in KINDS if kind in BY_NAME["retrait"].kinds]
    return {
        "title": "retrait d’un fait",
        "type": "object",
        "required": ["nature", "id", "retrait"],
        "additionalProperties": False,
        "properties": {
            "nature": {"enum": kinds},
            "id": _property(BY_NAME["id"], REQUEST),
            "retrait": _property(BY_NAME["retrait"], SESSION),
        },
    }


def _property(column: Column, kind: LineKind) -> dict:
    described: dict = {"description": f"{column.label}. {column.text}"}
    if column.name == "nature":
        return {**described, "const": kind.value}
    if column.name == "duree_minutes":
        return {**described, "type": ["integer", "string"], "minimum": 5, "maximum": 300}
    values = [value for value, _ in column.choices]
    if column.is_list:
        items: dict = {"type": "string", "enum": values}
        one_text = {"type": "string", "description": f"Séparés par « {LIST_SIGN} »."}
        return {**described, "oneOf": [{"type": "array", "items": items, "minItems": 1}, one_text]}
    if values:
        return {**described, "enum": values}
    return {**described, "type": "string", "minLength": 1}
