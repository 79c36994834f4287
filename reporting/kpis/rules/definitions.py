"""The indicators, each defined once: pages, exports, packs and docs/kpi.md read this register."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SERIES_STARTS_ON = date(2024, 1, 1)  # the calendar of market 2
EMPLOYMENT_YEAR = 2022  # newest year of the denominator: a newer one is a new version
ENGINE_VERSION = "1"


@dataclass(frozen=True)
class DefinitionVersion:
    number: int
    since: date
    text: str


@dataclass(frozen=True)
class WorkedFigure:
    """An example that the tests replay: what is divided by what, and what is printed."""

    story: str
    numerator: int
    denominator: int | None
    shown: str


@dataclass(frozen=True)
class KpiDefinition:
    """One indicator. `factor` turns numerator/denominator into the unit; None for a plain count.

    `months_add_up`: the months of a year sum to the year (false for distinct persons).
    `denominator_of`: the indicator whose denominator is this very count; one scan serves both.
    `denominator_of_region`: a stock that belongs to the region, counted once however many contracts.
    `lag_days`: days after the end of a period before its figure means anything; until then it is shown as
    provisional, and never compared, ranked, drawn nor judged (ADR 0066).
    """

    code: str
    number: str
    label: str
    short_title: str
    unit: str
    short_unit: str
    definition: str
    formula: str
    numerator: str
    denominator: str
    source: str
    maturity: str
    direction: str
    worked: WorkedFigure
    factor: Decimal | None = None
    decimals: int = 0
    min_n: int = 0
    months_add_up: bool = True
    denominator_of: str = ""
    denominator_of_region: bool = False
    lag_days: int = 0
    zero_when_empty: bool = False
    series_breaks: tuple[date, ...] = ()
    versions: tuple[DefinitionVersion, ...] = (
        DefinitionVersion(1, SERIES_STARTS_ON, "Première définition, marché 2024-2027."),
    )

    @property
    def version(self) -> int:
        return self.versions[-1].number

    @property
    def anchor(self) -> str:
        """The section of docs/kpi.md."""
        return f"{self.number.lower()}-{self.code}"


UP, DOWN, NEUTRAL = "plus haut est mieux", "plus bas est mieux", "sans sens souhaité"

ENTRIES = KpiDefinition(
    code="entries",
    number="K1",
    label="Entrées",
    short_title="Entrées",
    unit="parcours",
    short_unit="",
    definition="Nombre de parcours dont la première séance a eu lieu dans la période.",
    formula="entrées = nombre de parcours ouverts",
    numerator=(
        "parcours entrés dans la période, chacun compté une fois, même rouvert ou confié à un autre opérateur"
    ),
    denominator="aucun : c’est un effectif",
    source="séances saisies par les opérateurs",
    maturity="Une entrée compte quand sa première séance est saisie : le dernier mois monte encore.",
    direction=UP,
    worked=WorkedFigure(
        "France, 2023 : 176 288 entrées, chiffre publié.",
        176_288,
        None,
        "176 288",
    ),
    zero_when_empty=True,
)
ACTIVE_BENEFICIARIES = KpiDefinition(
    code="active_beneficiaries",
    number="K2",
    label="Bénéficiaires actifs",
    short_title="Actifs",
    unit="parcours",
    short_unit="",
    definition="Nombre de parcours différents qui ont eu au moins une séance dans la période.",
    formula="bénéficiaires actifs = nombre de parcours différents avec une séance",
    numerator="parcours différents avec au moins une séance tenue dans la période",
    denominator="aucun : c’est un effectif",
    source="séances saisies par les opérateurs",
    maturity=(
        "Mois et année sont calculés séparément : la somme des mois compte plusieurs fois "
        "une personne suivie plusieurs mois."
    ),
    direction=UP,
    worked=WorkedFigure(
        "France, 2021 : 148 849 bénéficiaires, chiffre publié.",
        148_849,
        None,
        "148 849",
    ),
    months_add_up=False,
    denominator_of="level_two_share",
    zero_when_empty=True,
)
UPTAKE_RATE = KpiDefinition(
    code="uptake_rate",
    number="K3",
    label="Taux de recours",
    short_title="Recours",
    unit="entrées pour 100 000 personnes en emploi",
    short_unit="",
    definition="Entrées de la période pour 100 000 personnes en emploi dans la région.",
    formula="taux de recours = 100 000 × entrées ÷ personnes en emploi",
    numerator="entrées de la période",
    denominator=(
        "personnes en emploi au lieu de travail fin 2021 (2022 à Mayotte), agents publics "
        "compris alors que le service ne leur est pas destiné"
    ),
    source="séances saisies ; Insee, estimations d’emploi 2021 (Mayotte : enquête emploi 2022)",
    maturity="Même maturité que les entrées. Un mois se compare à un mois, une année à une année.",
    direction=UP,
    worked=WorkedFigure(
        "France, 2023 : 176 288 entrées publiées, 29 919 900 personnes en emploi.",
        176_288,
        29_919_900,
        "589,2",
    ),
    factor=Decimal(100_000),
    decimals=1,
    denominator_of_region=True,
    zero_when_empty=True,
)
LEVEL_TWO_SHARE = KpiDefinition(
    code="level_two_share",
    number="K4",
    label="Part en niveau 2",
    short_title="Niveau 2",
    unit="% des bénéficiaires actifs",
    short_unit="%",
    definition="Part des bénéficiaires actifs qui ont eu au moins une séance de niveau 2 dans la période.",
    formula="part en niveau 2 = 100 × parcours avec une séance de niveau 2 ÷ parcours avec une séance",
    numerator="parcours avec au moins une séance de niveau 2 dans la période",
    denominator="parcours avec au moins une séance dans la période",
    source="séances saisies par les opérateurs",
    maturity="Mois et année sont calculés séparément, comme les bénéficiaires actifs.",
    direction=NEUTRAL,
    worked=WorkedFigure(
        "Exemple : 1 240 parcours actifs, dont 434 avec une séance de niveau 2.",
        434,
        1_240,
        "35,0 %",
    ),
    factor=Decimal(100),
    decimals=1,
    min_n=30,
    months_add_up=False,
)
FIRST_APPOINTMENT_DAYS = KpiDefinition(
    code="first_appointment_days",
    number="K5",
    label="Délai du premier rendez-vous",
    short_title="Délai",
    unit="jours en moyenne",
    short_unit="j",
    definition="Nombre moyen de jours entre la demande et le premier rendez-vous tenu.",
    formula="délai = somme des jours d’attente ÷ demandes dont le premier rendez-vous est tenu",
    numerator="jours calendaires entre le jour de la demande et celui du premier rendez-vous tenu",
    denominator="demandes de la période dont le premier rendez-vous tenu est connu",
    source="demandes horodatées du portail et séances saisies par les opérateurs",
    maturity=(
        "La demande compte dans le mois où elle est faite : un mois récent ne contient encore "
        "que les demandes servies vite, son délai monte ensuite. Il est mûr 90 jours après la fin du mois."
    ),
    direction=DOWN,
    worked=WorkedFigure(
        "Exemple : 120 demandes servies, 1 254 jours d’attente au total.",
        1_254,
        120,
        "10,5 j",
    ),
    factor=Decimal(1),
    decimals=1,
    min_n=30,
    lag_days=90,
)
NO_SHOW_RATE = KpiDefinition(
    code="no_show_rate",
    number="K6",
    label="Rendez-vous non honorés",
    short_title="Non honorés",
    unit="% des rendez-vous échus",
    short_unit="%",
    definition="Part des rendez-vous échus où la personne n’est pas venue sans avoir annulé.",
    formula="taux = 100 × rendez-vous non honorés ÷ (honorés + non honorés)",
    numerator="rendez-vous de la période notés « non honoré »",
    denominator="rendez-vous de la période honorés ou non honorés, hors annulations",
    source="agenda du portail, heure locale du site",
    maturity="Un rendez-vous compte quand son issue est saisie.",
    direction=DOWN,
    worked=WorkedFigure(
        "Exemple : 1 250 rendez-vous échus, dont 90 non honorés.",
        90,
        1_250,
        "7,2 %",
    ),
    factor=Decimal(100),
    decimals=1,
    min_n=30,
)
SATISFACTION_RATE = KpiDefinition(
    code="satisfaction_rate",
    number="K7",
    label="Satisfaction",
    short_title="Satisfaits",
    unit="% des réponses",
    short_unit="%",
    definition="Part des réponses « satisfait » ou « très satisfait » à l’enquête de fin de parcours.",
    formula="satisfaction = 100 × réponses satisfaites ÷ réponses",
    numerator="réponses « satisfait » et « très satisfait » reçues dans la période",
    denominator="réponses reçues dans la période",
    source="enquête du portail à la fin du parcours, une question",
    maturity=(
        "La réponse compte le jour où elle arrive. Les réponses s’additionnent, jamais les pourcentages."
    ),
    direction=UP,
    worked=WorkedFigure(
        "Exemple : 746 satisfaits sur 820 et 348 sur 410, soit 1 094 sur 1 230.",
        1_094,
        1_230,
        "88,9 %",
    ),
    factor=Decimal(100),
    decimals=1,
    min_n=30,
)

DEFINITIONS = {
    definition.code: definition
    for definition in (
        ENTRIES,
        ACTIVE_BENEFICIARIES,
        UPTAKE_RATE,
        LEVEL_TWO_SHARE,
        FIRST_APPOINTMENT_DAYS,
        NO_SHOW_RATE,
        SATISFACTION_RATE,
    )
}
HEADLINES = (
    ENTRIES,
    UPTAKE_RATE,
    LEVEL_TWO_SHARE,
    FIRST_APPOINTMENT_DAYS,
    SATISFACTION_RATE,
)
