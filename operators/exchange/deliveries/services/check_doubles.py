"""The same fact under a new number: asked, never counted twice; and two at once, never taken."""

from cep_portal.common.fact_rules import FactRule
from operators.exchange.deliveries.services.judging import GOOD, LIVE, refuse_with

ASKED = "Même personne, même jour, même heure que "
HOW = (
    "Si c’est le même fait, gardez son premier numéro. Si ce sont deux faits, écrivez {other} dans la colonne"
    " distinct_de."
)
# Of what is known, by kind: a query of (person, at, uuid, is_live, organisation).
KNOWN = {
    "DEMANDE": """
        SELECT known.beneficiary_id AS person, known.requested_at AS at, known.uuid, NULL::bool AS is_live
        FROM beneficiaries_servicerequest AS known
        JOIN procurement_contract AS contract ON contract.id = known.contract_id
        WHERE contract.holder_id = %(organisation)s""",
    "RENDEZ_VOUS": f"""
        SELECT known.beneficiary_id, lower(known.period), known.uuid, known.state IN {LIVE}
        FROM operators_appointment AS known
        JOIN operators_site AS site ON site.id = known.site_id
        JOIN procurement_contract AS contract ON contract.id = site.contract_id
        WHERE contract.holder_id = %(organisation)s AND known.state NOT IN ('ON_HOLD', 'EXPIRED')""",
    "SEANCE": """
        SELECT way.beneficiary_id, known.starts_at, known.uuid, NULL::bool
        FROM operators_counsellingsession AS known
        JOIN operators_pathway AS way ON way.id = known.pathway_id
        JOIN procurement_contract AS contract ON contract.id = way.contract_id
        WHERE contract.holder_id = %(organisation)s""",
}
IS_LIVE = f"CASE WHEN line.kind = 'RENDEZ_VOUS' THEN line.state IN {LIVE} END"


def ask_of_doubles(kind: str, params: dict) -> None:
    """Refuse, until `distinct_de` confirms, a new line that tells what another line or fact told.

    The natural key is the person and the hour; an appointment cancelled and one that is not are two facts.
    """
    refuse_with(
        f"""
        SELECT line, first_id AS other,
            '{ASKED}votre n° ' || first_id || ' (ligne ' || first_line || ') : confirmez ou corrigez.' AS what
        FROM (
            SELECT line.line, line.status, line.distinct_of,
                first_value(line.line) OVER told AS first_line,
                first_value(line.external_id) OVER told AS first_id,
                array_agg(line.external_id) OVER (
                    PARTITION BY who.uuid, date_trunc('hour', line.at), {IS_LIVE}) AS ids
            FROM delivery_line AS line JOIN delivery_person AS who ON who.number = line.person
            WHERE {GOOD} AND line.kind = '{kind}'
            WINDOW told AS (PARTITION BY who.uuid, date_trunc('hour', line.at), {IS_LIVE}
                ORDER BY line.status = 'NEW', line.line)
        ) AS told
        WHERE status = 'NEW' AND first_line <> line AND (distinct_of = ANY (ids)) IS NOT TRUE
        """,
        field="id",
        how=HOW,
        params=params,
    )
    refuse_with(
        f"""
        SELECT DISTINCT ON (line.line) line.line, coalesce(known_key.external_id, known.uuid::text) AS other,
            '{ASKED}' || coalesce('votre n° ' || known_key.external_id, 'ce que le portail tient déjà')
                || ' : confirmez ou corrigez.' AS what
        FROM delivery_line AS line
        JOIN delivery_person AS who ON who.number = line.person
        JOIN ({KNOWN[kind]}) AS known (person, at, uuid, is_live) ON known.person = who.id
            AND known.at BETWEEN date_trunc('hour', line.at)
                AND date_trunc('hour', line.at) + interval '59 minutes 59.999 seconds'
            AND known.is_live IS NOT DISTINCT FROM {IS_LIVE}
        LEFT JOIN operators_externalkey AS known_key ON known_key.target = known.uuid
            AND known_key.organisation_id = %(organisation)s AND known_key.kind = '{kind}'
        WHERE {GOOD} AND line.kind = '{kind}' AND line.status = 'NEW'
            AND line.distinct_of IS DISTINCT FROM coalesce(known_key.external_id, known.uuid::text)
            AND NOT EXISTS (SELECT 1 FROM delivery_line AS told
                WHERE told.target = known.uuid AND told.problems IS NULL
                    AND told.status IN ('CHANGED', 'GONE'))
        ORDER BY line.line, known.at
        """,
        field="id",
        how=HOW,
        params=params,
    )


def ask_of_closings(params: dict) -> None:
    """A pathway closed twice on one day is most often closed once."""
    what = "'Même parcours, même jour que votre n° ' || {other} || ' : confirmez ou corrigez.'"
    refuse_with(
        f"""
        SELECT line, other, {what.format(other="other")} AS what FROM (
            SELECT line.line, line.status, line.distinct_of,
                first_value(line.external_id) OVER (
                    PARTITION BY line.pathway, (line.at AT TIME ZONE 'Europe/Paris')::date
                    ORDER BY line.status = 'NEW', line.line) AS other,
                line.external_id
            FROM delivery_line AS line WHERE {GOOD} AND line.kind = 'CLOTURE'
        ) AS told
        WHERE status = 'NEW' AND other <> external_id AND distinct_of IS DISTINCT FROM other
        UNION
        SELECT DISTINCT ON (line.line) line.line, known_key.external_id,
            {what.format(other="known_key.external_id")}
        FROM delivery_line AS line
        JOIN delivery_way AS way ON way.number = line.pathway
            AND (way.closed_at AT TIME ZONE 'Europe/Paris')::date
                = (line.at AT TIME ZONE 'Europe/Paris')::date
        JOIN operators_externalkey AS known_key ON known_key.target = way.uuid
            AND known_key.organisation_id = %(organisation)s AND known_key.kind = 'CLOTURE'
        WHERE {GOOD} AND line.kind = 'CLOTURE' AND line.status = 'NEW'
            AND line.distinct_of IS DISTINCT FROM known_key.external_id
        """,
        field="id",
        how=HOW,
        params=params,
    )


def refuse_overlaps(kind: str, owner: str, rule: FactRule) -> None:
    """Two facts of the file at one time: the later to start is refused, with the line before it."""
    refuse_with(
        f"""
        SELECT line, %(what)s || ' (ligne ' || before_line || ')' AS what, '' AS other
        FROM (
            SELECT line.line, line.at,
                max(line.at + line.minutes * interval '1 minute') OVER before AS busy_until,
                lag(line.line) OVER (PARTITION BY {owner} ORDER BY line.at, line.line) AS before_line
            FROM delivery_line AS line JOIN delivery_person AS who ON who.number = line.person
            WHERE {GOOD} AND line.kind = '{kind}' AND (line.kind = 'SEANCE' OR line.state IN {LIVE})
            WINDOW before AS (PARTITION BY {owner} ORDER BY line.at, line.line
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ) AS twice
        WHERE busy_until > at
        """,
        field=rule.column,
        how=rule.how,
        params={"what": rule.what},
    )
