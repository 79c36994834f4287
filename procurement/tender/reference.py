"""The two markets as data: what is published, and demonstration rows for what is not (each says which).

Market 1: holders only where published; its lots are numbered here in the order of INSEE codes, since
their numbers are not published. Market 2: the lot list, the holders and the clauses are not published;
fictional holders have a SIREN that starts by 000 and phones of the ranges that Arcep keeps for fiction.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from procurement.tender.enums import LotKind, LotOutcome


@dataclass(frozen=True)
class RuleSetFacts:
    code: str
    title: str
    legal_reference: str
    valid_from: date
    params: dict
    is_demonstration: bool = False


@dataclass(frozen=True)
class HolderFacts:
    name: str
    consortium_name: str = ""
    siret: str | None = None
    phone: str = ""
    is_fictional: bool = False


@dataclass(frozen=True)
class LotFacts:
    number: int
    title: str
    regions: tuple[str, ...] = ()
    kind: str = LotKind.REGIONAL
    outcome: str = LotOutcome.AWARDED
    holder: HolderFacts | None = None
    is_demonstration: bool = False


@dataclass(frozen=True)
class MarketFacts:
    number: int
    name: str
    starts_on: date
    ends_on: date
    rule_set: str
    source: str
    decided_on: date
    awarded_on: date | None = None
    amount_excl_tax: Decimal | None = None
    lots: tuple[LotFacts, ...] = field(default=())


_HEARING = {"days": 15, "from": "received", "roll": "next_working_day", "ref": "14.1.1"}
_VERIFICATION = {"days": 15, "silence": "admitted"}
_CLAIM = {"operator": "2 months", "buyer": "2 months", "silence": "rejected"}
_PRICE_REVISION = {"coef_rounding": "ceil_thousandth"}

_FCS_2009: dict = {
    "late_penalty": {
        "divisor": 1000,
        "base": "base_price_ht",
        "day_kind": "calendar",
        "revision": True,
        "vat": False,
        "ref": "14.1.1",
    },
    "cap": None,
    "exemption": {
        "amount": "300.00",
        "mode": "threshold",
        "scope": "contract",
        "ref": "14.1.3",
    },
    "hearing": None,
    "verification": _VERIFICATION,
    "claim": _CLAIM,
    "price_revision": _PRICE_REVISION,
    "derogations": [],
}

_FCS_2021: dict = {
    "late_penalty": {
        "divisor": 1000,
        "base": "base_price_ht",
        "day_kind": "calendar",
        "revision": False,
        "vat": False,
        "ref": "14.1",
    },
    "cap": {
        "rate": "0.10",
        "scope": ["contract", "tranche", "order"],
        "ref": "14.1.2",
    },
    "exemption": {
        "amount": "1000.00",
        "mode": "threshold",
        "scope": "contract",
        "ref": "14.1.3",
    },
    "hearing": _HEARING,
    "verification": _VERIFICATION,
    "claim": _CLAIM,
    "price_revision": _PRICE_REVISION,
    "derogations": [],
}

# Not the real clause, which is not published: its shape, with demonstration figures.
_MISSED_TARGET = {
    "kind": "points",
    "bands": [
        {"shortfall_below": "1.0", "points": 1},
        {"shortfall_below": "2.0", "points": 2},
        {"shortfall_below": "3.0", "points": 3},
    ],
    "beyond_points": 4,
    "repeat_factor": 2,
    "amount_per_point": "400.00",
    "demonstration": True,
}

# The clause on people who come back is not published either.
_REOPENING = {"days": 365, "demonstration": True}

RULE_SETS = (
    RuleSetFacts(
        code="FCS-2009",
        title="CCAG fournitures courantes et services, 2009",
        legal_reference="CCAG-FCS, arrêté du 19 janvier 2009",
        valid_from=date(2009, 1, 19),  # day of the order
        params=_FCS_2009,
    ),
    RuleSetFacts(
        code="FCS-2021",
        title="CCAG fournitures courantes et services, 2021",
        legal_reference="CCAG-FCS, arrêté du 30 mars 2021",
        valid_from=date(2021, 4, 1),
        params=_FCS_2021,
    ),
    RuleSetFacts(
        code="DEMO-MARCHE-2",
        title="Règles de démonstration du marché 2024-2027",
        legal_reference=(
            "CCAG-FCS, arrêté du 30 mars 2021 ; clauses propres au marché non publiées :"
            " données de démonstration"
        ),
        valid_from=date(2024, 1, 2),
        params={**_FCS_2021, "missed_target": _MISSED_TARGET, "reopening": _REOPENING},
        is_demonstration=True,
    ),
)


def _published(number: int, region: str, title: str, holder: str = "", consortium: str = "") -> LotFacts:
    facts = HolderFacts(name=holder, consortium_name=consortium) if holder else None
    return LotFacts(number=number, title=title, regions=(region,), holder=facts)


_EVA, _EVOLUTION = "Réseau EVA", "Groupement Évolution"

MARKET_1 = MarketFacts(
    number=1,
    name="Conseil en évolution professionnelle 2020-2023",
    starts_on=date(2020, 1, 1),
    ends_on=date(2023, 12, 31),
    rule_set="FCS-2009",
    decided_on=date(2019, 4, 4),
    amount_excl_tax=Decimal(450_000_000),
    source=(
        "France compétences et presse : 18 lots géographiques, 1 lot technique, 450 M€ sur 4 ans"
        " (taxe non précisée). Numéros de lot non publiés : ordre des codes INSEE."
        " Titulaires : ceux qui sont publiés."
    ),
    lots=(
        _published(1, "01", "Guadeloupe"),
        _published(2, "02", "Martinique"),
        _published(3, "03", "Guyane"),
        _published(4, "04", "La Réunion", "Retravailler + CIBC Océan Indien"),
        _published(5, "06", "Mayotte"),
        _published(6, "11", "Île-de-France"),
        _published(7, "24", "Centre-Val de Loire", _EVOLUTION),
        _published(8, "27", "Bourgogne-Franche-Comté", "CIBC Bourgogne Sud", _EVA),
        _published(9, "28", "Normandie", "Catalys Conseil", _EVOLUTION),
        _published(10, "32", "Hauts-de-France"),
        _published(11, "44", "Grand Est", "CCI Formation EESC / CIBC 54", _EVA),
        _published(12, "52", "Pays de la Loire", "Catalys Conseil", _EVOLUTION),
        _published(13, "53", "Bretagne", "Catalys Conseil", _EVOLUTION),
        _published(14, "75", "Nouvelle-Aquitaine", "CIBC 33", _EVA),
        _published(15, "76", "Occitanie", "CIBC Tarn", _EVA),
        _published(16, "84", "Auvergne-Rhône-Alpes"),
        _published(17, "93", "Provence-Alpes-Côte d’Azur"),
        _published(18, "94", "Corse"),
        LotFacts(number=19, title="Lot technique", kind=LotKind.TECHNICAL),
    ),
)


def _fictional(
    number: int,
    title: str,
    regions: tuple[str, ...],
    name: str,
    siret: str,
    phone: str,
    kind: str = LotKind.REGIONAL,
) -> LotFacts:
    holder = HolderFacts(name=f"{name} (fictif)", siret=siret, phone=phone, is_fictional=True)
    return LotFacts(
        number=number,
        title=title,
        regions=regions,
        kind=kind,
        holder=holder,
        is_demonstration=True,
    )


_REGIONAL_LOTS = (
    _fictional(1, "Île-de-France", ("11",), "Boussole & Métiers", "00000001800010", "01 99 00 10 01"),
    _fictional(2, "Centre-Val de Loire", ("24",), "Cap Val de Loire", "00000002600013", "02 61 91 10 02"),
    _fictional(
        3, "Bourgogne-Franche-Comté", ("27",), "Passerelles de l’Est", "00000003400017", "03 53 01 10 03"
    ),
    _fictional(4, "Normandie", ("28",), "Horizon Normand", "00000004200010", "02 61 91 10 04"),
    _fictional(5, "Hauts-de-France", ("32",), "Nord Élan", "00000005900014", "03 53 01 10 05"),
    _fictional(6, "Grand Est", ("44",), "Trajectoires Grand Est", "00000006700017", "03 53 01 10 06"),
    _fictional(7, "Pays de la Loire", ("52",), "Atlantique Parcours", "00000007500010", "02 61 91 10 07"),
    _fictional(8, "Bretagne", ("53",), "Le Phare des Métiers", "00000008300014", "02 61 91 10 08"),
    _fictional(9, "Nouvelle-Aquitaine", ("75",), "Aquitaine Tremplin", "00000009100017", "05 36 49 10 09"),
    _fictional(10, "Occitanie", ("76",), "Les Chemins d’Occitanie", "00000010900017", "05 36 49 10 10"),
    _fictional(11, "Auvergne-Rhône-Alpes", ("84",), "Alpages & Avenirs", "00000011700010", "04 65 71 10 11"),
    _fictional(
        12,
        "Provence-Alpes-Côte d’Azur et Corse",
        ("93", "94"),
        "Rivages Conseil",
        "00000012500013",
        "04 65 71 10 12",
    ),
    _fictional(
        13, "Antilles-Guyane", ("01", "02", "03"), "Alizés Évolution", "00000013300017", "06 39 98 10 13"
    ),
    _fictional(14, "Océan Indien", ("04", "06"), "Lagon Compétences", "00000014100010", "06 39 98 10 14"),
)

MARKET_2 = MarketFacts(
    number=2,
    name="Conseil en évolution professionnelle 2024-2027",
    starts_on=date(2024, 1, 2),
    ends_on=date(2027, 12, 31),
    rule_set="DEMO-MARCHE-2",
    decided_on=date(2023, 2, 2),
    awarded_on=date(2023, 10, 5),
    source=(
        "France compétences : 16 lots dont 14 régionaux, 15 attribués, celui de secours outre-mer sans offre."
        " Liste des lots et titulaires non publiés : données de démonstration."
    ),
    lots=(
        *_REGIONAL_LOTS,
        _fictional(
            15,
            "Lot technique",
            (),
            "Atelier Technique",
            "00000015800014",
            "01 99 00 10 15",
            LotKind.TECHNICAL,
        ),
        LotFacts(
            number=16,
            title="Secours outre-mer",
            regions=("01", "02", "03", "04", "06"),
            kind=LotKind.OVERSEAS_BACKUP,
            outcome=LotOutcome.NO_OFFER,
            is_demonstration=True,
        ),
    ),
)

MARKETS = (MARKET_1, MARKET_2)
