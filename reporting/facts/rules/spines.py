"""The five spines: what figures count, one row at a time, and what each row says, in SQL.

A source names facts in braces: `{session}` is the table of sessions as known at `%(known_at)s`, present and
former rows (reporting.facts.selectors.known puts it there). `{merge}` is who was one person then. A column
that needs another table names its join; a statement joins what its columns ask for and nothing else.
"""

from dataclasses import dataclass, field

from beneficiaries.request.enums import Need, Situation, Urgency
from operators.booking.agenda.enums import CancelledBy, CancelReason, Channel
from operators.casework.pathways.enums import ClosingOutcome
from operators.network.enums import Mode, ServiceLevel
from reporting.surveys.enums import SurveyKind

TEXT, NUMBER, DAY, FLAG, LIST = "text", "number", "day", "flag", "list"
ROW, PATHWAY, PERSON = "row", "pathway", "person"  # what may be counted
EARLY, LATE = 9, 18  # hours of the morning and of the evening outside which most people are at work


@dataclass(frozen=True)
class Column:
    """What a row says. `is_historised`: read as known at an instant, so that money may hang on it.

    `values` is the closed list of a text, with its words; `join` what has to be joined; `of_person` tells an
    attribute of somebody, whose cuts are kept to quarters and rounded.
    """

    kind: str
    words: str
    sql: str
    join: str = ""
    values: dict[str, str] = field(default_factory=dict)
    is_historised: bool = True
    of_person: bool = False


@dataclass(frozen=True)
class Spine:
    """One row, the days that may date it, what may be counted of it and asked of it.

    `where` is true of every row counted. `exclusions` are facts that cannot be true, by reason: SQL, with
    the join that it needs, counted apart and never turned into a figure.
    """

    name: str
    words: str
    source: str
    where: str
    cohorts: dict[str, Column]
    counts: dict[str, Column]
    columns: dict[str, Column]
    joins: dict[str, str] = field(default_factory=dict)
    exclusions: dict[str, Column] = field(default_factory=dict)


def _local_day(instant: str, zone: str) -> str:
    return f"({instant} AT TIME ZONE {zone})::date"


def _outside_hours(instant: str, zone: str) -> str:
    """Before nine, from six in the evening, or at the weekend, on the clock of the place."""
    local = f"({instant} AT TIME ZONE {zone})"
    return (
        f"(extract(isodow FROM {local}) > 5 OR extract(hour FROM {local}) < {EARLY}"
        f" OR extract(hour FROM {local}) >= {LATE})"
    )


def _place(lot: str, region: str, department: str = "", *, join: str = "") -> dict[str, Column]:
    place = {
        "lot": Column(NUMBER, "lot", lot),
        "region": Column(TEXT, "région", region),
    }
    if department:
        place["department"] = Column(TEXT, "département", department, join, is_historised=False)
    return place


def _kept_count(person: str) -> Column:
    return Column(NUMBER, "personnes différentes", f"coalesce(m.kept_id, {person})", "person")


PERSON_JOIN = "LEFT JOIN {{merge}} AS m ON m.absorbed_id = {person}"
COMMUNE_JOIN = (
    "JOIN territories_commune AS t ON t.code = {commune}"
    " JOIN territories_department AS d ON d.code = t.department_id"
)
LEVELS, MODES = dict(ServiceLevel.choices), dict(Mode.choices)

# What the person said of themselves, true on the day of the session and known at the instant. The end of a
# situation moves when the next one is written: its beginning alone is read. An erasure takes the words away.
SITUATION_JOIN = """LEFT JOIN LATERAL (
    SELECT z.status, z.diploma, z.profession, z.sector, z.employer_size, z.contract_type
    FROM operators_pathwaysituation AS z
    WHERE z.pathway_id = w.id AND lower(z.effective) <= s.held_on AND z.recorded_at <= %(known_at)s
        AND (z.replaced_at IS NULL OR z.replaced_at > %(known_at)s)
    ORDER BY lower(z.effective) DESC, z.recorded_at DESC LIMIT 1) AS z ON true"""
SITUATION_WORDS = {
    "status": "statut",
    "diploma": "diplôme",
    "profession": "profession",
    "sector": "secteur",
    "employer_size": "taille de l’employeur",
    "contract_type": "contrat",
}

SESSION = Spine(
    name="session",
    words="une séance tenue",
    source="{session} AS s JOIN {pathway} AS w ON w.id = s.pathway_id",
    where="true",
    cohorts={"held_on": Column(DAY, "jour de la séance", "s.held_on")},
    counts={
        ROW: Column(NUMBER, "séances", "s.id"),
        PATHWAY: Column(NUMBER, "parcours différents", "s.pathway_id"),
        PERSON: _kept_count("w.beneficiary_id"),
    },
    columns=_place("w.contract_id", "w.region_id", "t.department_id", join="site")
    | {
        "site": Column(NUMBER, "lieu", "s.site_id"),
        "level": Column(TEXT, "niveau", "s.level", values=LEVELS),
        "mode": Column(TEXT, "modalité", "s.mode", values=MODES),
        "minutes": Column(NUMBER, "durée en minutes", "s.duration_minutes"),
        "logging_delay_days": Column(
            NUMBER,
            "jours entre la séance et sa saisie",
            f"{_local_day('s.recorded_at', 's.zone')} - s.held_on",
        ),
        "outside_hours": Column(FLAG, "hors des heures de bureau", _outside_hours("s.starts_at", "s.zone")),
        "is_unplanned": Column(FLAG, "imprévue", "s.is_unplanned"),
        "is_first": Column(
            FLAG,
            "première du parcours",
            "NOT EXISTS (SELECT FROM {session} AS e WHERE e.pathway_id = s.pathway_id"
            " AND (e.starts_at, e.id) < (s.starts_at, s.id))",
        ),
    }
    | {
        name: Column(TEXT, words, f"z.{name}", "situation", is_historised=False, of_person=True)
        for name, words in SITUATION_WORDS.items()
    },
    joins={
        "site": "JOIN operators_site AS x ON x.id = s.site_id " + COMMUNE_JOIN.format(commune="x.commune_id"),
        "person": PERSON_JOIN.format(person="w.beneficiary_id"),
        "situation": SITUATION_JOIN,
    },
)

TODAY = _local_day("%(known_at)s::timestamptz", "d.zone")
ASKED_ON = _local_day("r.requested_at", "d.zone")
# The first session, whatever its day: a request made after midnight overseas may be served the day before.
SERVED_JOIN = """LEFT JOIN (
    SELECT a.service_request_id AS request, min(s.held_on) AS met
    FROM {session} AS s JOIN {appointment} AS a ON a.id = s.appointment_id
    WHERE a.service_request_id IS NOT NULL GROUP BY a.service_request_id) AS f ON f.request = r.id"""

REQUEST = Spine(
    name="request",
    words="une demande",
    source="{request} AS r " + COMMUNE_JOIN.format(commune="r.commune_id"),
    where="true",
    cohorts={"asked_on": Column(DAY, "jour de la demande", ASKED_ON)},
    counts={
        ROW: Column(NUMBER, "demandes", "r.id"),
        PERSON: _kept_count("r.beneficiary_id"),
    },
    columns=_place("r.contract_id", "d.region_id", "t.department_id")
    | {
        "situation": Column(TEXT, "situation", "r.situation", values=dict(Situation.choices), of_person=True),
        "urgency": Column(TEXT, "urgence", "r.urgency", values=dict(Urgency.choices)),
        "needs": Column(LIST, "besoins", "r.needs", values=dict(Need.choices)),
        "is_delivered": Column(FLAG, "remontée par l’opérateur", "r.is_delivered"),
        "outside_hours": Column(
            FLAG, "faite hors des heures de bureau", _outside_hours("r.requested_at", "d.zone")
        ),
        "is_served": Column(FLAG, "suivie d’une séance", "f.met IS NOT NULL", "served"),
        "days_to_first_kept": Column(
            NUMBER, "jours jusqu’à la première séance", f"f.met - {ASKED_ON}", "served"
        ),
        "waiting_days": Column(
            NUMBER,
            "jours d’attente, sans séance encore",
            f"CASE WHEN f.met IS NULL THEN {TODAY} - {ASKED_ON} END",
            "served",
        ),
    },
    joins={"served": SERVED_JOIN, "person": PERSON_JOIN.format(person="r.beneficiary_id")},
    exclusions={
        "served_before_asked": Column(
            FLAG,
            "séance tenue avant la demande",
            f"f.met < {_local_day('r.requested_at', 'd.zone')} - 1",
            "served",
        )
    },
)

APPOINTMENT = Spine(
    name="appointment",
    words="un rendez-vous arrivé à son terme : tenu, manqué ou annulé",
    source="{appointment} AS a JOIN operators_site AS x ON x.id = a.site_id "
    + COMMUNE_JOIN.format(commune="x.commune_id"),
    where="(a.state = 'CANCELLED' OR a.state IN ('ATTENDED', 'NO_SHOW') AND lower(a.period) <= %(known_at)s)",
    cohorts={"day": Column(DAY, "jour du rendez-vous", _local_day("lower(a.period)", "x.zone"))},
    counts={
        ROW: Column(NUMBER, "rendez-vous", "a.id"),
        PERSON: _kept_count("a.beneficiary_id"),
    },
    columns=_place("x.contract_id", "d.region_id", "t.department_id")
    | {
        "site": Column(NUMBER, "lieu", "a.site_id"),
        "level": Column(TEXT, "niveau", "a.level", values=LEVELS),
        "mode": Column(TEXT, "modalité", "a.mode", values=MODES),
        "channel": Column(TEXT, "pris par", "a.channel", values=dict(Channel.choices)),
        "state": Column(
            TEXT,
            "issue",
            "a.state",
            values={"ATTENDED": "tenu", "NO_SHOW": "manqué", "CANCELLED": "annulé"},
        ),
        "cancelled_by": Column(TEXT, "annulé par", "a.cancelled_by", values=dict(CancelledBy.choices)),
        "cancel_reason": Column(
            TEXT, "motif d’annulation", "a.cancel_reason", values=dict(CancelReason.choices)
        ),
        "notice_hours": Column(
            NUMBER,
            "heures entre l’annulation et le rendez-vous",
            "floor(extract(epoch FROM lower(a.period) - a.cancelled_at) / 3600)::integer",
        ),
        "is_moved": Column(FLAG, "déplacé depuis un autre", "a.moved_from_id IS NOT NULL"),
        "outside_hours": Column(
            FLAG, "hors des heures de bureau", _outside_hours("lower(a.period)", "x.zone")
        ),
    },
    joins={"person": PERSON_JOIN.format(person="a.beneficiary_id")},
)

CLOSED_ON = _local_day("w.closed_at", "g.zone")
HELD_JOIN = """JOIN (
    SELECT pathway_id, count(*) AS sessions, max(CASE level WHEN 'TWO' THEN 2 ELSE 1 END) AS reached
    FROM {session} AS s GROUP BY pathway_id) AS h ON h.pathway_id = w.id"""

PATHWAY_SPINE = Spine(
    name="pathway",
    words="une entrée : un parcours qui n’en poursuit aucun autre, une séance en est connue",
    source="{pathway} AS w JOIN territories_region AS g ON g.code = w.region_id",
    where="w.continues_id IS NULL AND w.joined_into_id IS NULL"
    " AND EXISTS (SELECT FROM {session} AS s WHERE s.pathway_id = w.id)",
    cohorts={
        "entered_on": Column(DAY, "jour d’entrée", "w.entered_on"),
        "closed_on": Column(DAY, "jour de clôture", CLOSED_ON),
    },
    counts={
        ROW: Column(NUMBER, "parcours", "w.id"),
        PERSON: _kept_count("w.beneficiary_id"),
    },
    columns=_place("w.contract_id", "w.region_id")
    | {
        "is_closed": Column(FLAG, "clos", "w.state = 'CLOSED'"),
        "outcome": Column(TEXT, "issue", "w.outcome", values=dict(ClosingOutcome.choices)),
        "is_reopened": Column(FLAG, "repris", "w.reopened_at IS NOT NULL"),
        "sessions": Column(NUMBER, "séances", "h.sessions", "held"),
        "reached_level": Column(
            TEXT,
            "niveau atteint",
            "CASE h.reached WHEN 2 THEN 'TWO' ELSE 'ONE' END",
            "held",
            values=LEVELS,
        ),
        "months_to_close": Column(
            NUMBER,
            "mois entiers entre l’entrée et la clôture",
            f"(extract(year FROM age({CLOSED_ON}, w.entered_on)) * 12"
            f" + extract(month FROM age({CLOSED_ON}, w.entered_on)))::integer",
        ),
    },
    joins={"held": HELD_JOIN, "person": PERSON_JOIN.format(person="w.beneficiary_id")},
    exclusions={
        "closed_before_entered": Column(FLAG, "clôture avant l’entrée", f"{CLOSED_ON} < w.entered_on")
    },
)

SURVEY = Spine(
    name="survey",
    words="une enquête envoyée",
    source="{survey} AS v JOIN {pathway} AS w ON w.id = v.pathway_id"
    " JOIN territories_region AS g ON g.code = w.region_id",
    where="true",
    cohorts={
        "asked_on": Column(DAY, "jour de l’envoi", _local_day("v.sent_at", "g.zone")),
        "answered_on": Column(DAY, "jour de la réponse", "v.answered_on"),
    },
    counts={
        ROW: Column(NUMBER, "enquêtes", "v.id"),
        PATHWAY: Column(NUMBER, "parcours différents", "v.pathway_id"),
        PERSON: _kept_count("w.beneficiary_id"),
    },
    columns=_place("w.contract_id", "w.region_id")
    | {
        "kind": Column(TEXT, "moment", "v.kind", values=dict(SurveyKind.choices)),
        "level": Column(TEXT, "niveau atteint", "v.level", values=LEVELS),
        "is_answered": Column(FLAG, "répondue", "v.answered_at IS NOT NULL"),
        "satisfaction": Column(NUMBER, "note de 1 à 4", "v.satisfaction"),
        "is_satisfied": Column(FLAG, "plutôt ou très satisfait", "v.satisfaction >= 3"),
    },
    joins={"person": PERSON_JOIN.format(person="w.beneficiary_id")},
)

SPINES = {spine.name: spine for spine in (REQUEST, APPOINTMENT, PATHWAY_SPINE, SESSION, SURVEY)}
