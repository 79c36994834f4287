"""What an operator takes back leaves the facts; what it said, and why it goes, stays (FormerFact).

The number withdrawn then names the person, whose data all of it remains (export, merge, erasure).
"""

from typing import Any

from operators.exchange.deliveries.services.judging import GONE
from operators.exchange.deliveries.services.staging import run


def remove_withdrawn(params: dict[str, Any]) -> None:
    """Before anything is written: what takes their hour or their person may come in the same file."""
    run(
        f"""
        CREATE TEMPORARY TABLE delivery_lost ON COMMIT DROP AS
        SELECT line.line, person.uuid AS person, held.pathway_id, booked.service_request_id AS request_id
        FROM delivery_line AS line
        LEFT JOIN operators_counsellingsession AS held ON held.uuid = line.target
        LEFT JOIN operators_appointment AS booked ON booked.uuid = line.target
        LEFT JOIN operators_pathway AS way ON way.id = held.pathway_id
        LEFT JOIN operators_pathway AS closed ON closed.uuid = line.target
        JOIN beneficiaries_beneficiary AS person
            ON person.id = coalesce(way.beneficiary_id, booked.beneficiary_id, closed.beneficiary_id)
        WHERE {GONE}
        """
    )
    run(
        f"""
        DELETE FROM operators_sessioncorrection AS told USING delivery_line AS line,
            operators_counsellingsession AS held
        WHERE {GONE} AND line.kind = 'SEANCE' AND held.uuid = line.target AND told.session_id = held.id
        """
    )
    for kind, table in (("SEANCE", "operators_counsellingsession"), ("RENDEZ_VOUS", "operators_appointment")):
        run(
            f"DELETE FROM {table} AS fact USING delivery_line AS line"
            f" WHERE {GONE} AND line.kind = '{kind}' AND fact.uuid = line.target"
        )
    run(
        f"""
        UPDATE operators_pathway AS known SET state = 'OPEN', closed_at = NULL, outcome = ''
        FROM delivery_line AS line WHERE {GONE} AND line.kind = 'CLOTURE' AND known.uuid = line.target
        """
    )
    run(
        f"""
        UPDATE operators_externalkey AS known
        SET withdrawn_at = %(now)s, digest = line.digest, delivery_id = %(delivery)s, target = lost.person
        FROM delivery_line AS line JOIN delivery_lost AS lost ON lost.line = line.line
        WHERE {GONE} AND known.organisation_id = %(organisation)s
            AND known.kind = line.kind AND known.external_id = line.external_id
        """,
        params,
    )


def settle_what_is_left(params: dict[str, Any]) -> None:
    """After everything is written: a pathway begins with its first session left, or is none any more."""
    run(
        """
        UPDATE operators_pathway AS known SET entered_on = left_one.first_on
        FROM (
            SELECT held.pathway_id, min(held.held_on) AS first_on FROM operators_counsellingsession AS held
            WHERE held.pathway_id IN (SELECT pathway_id FROM delivery_lost) GROUP BY held.pathway_id
        ) AS left_one
        WHERE left_one.pathway_id = known.id AND known.entered_on <> left_one.first_on
            AND known.continues_id IS NULL
        """
    )
    empty = """SELECT way.uuid FROM operators_pathway AS way
        WHERE way.id IN (SELECT pathway_id FROM delivery_lost) AND NOT EXISTS (
            SELECT 1 FROM operators_counsellingsession AS held WHERE held.pathway_id = way.id)"""
    run(
        f"DELETE FROM operators_externalkey WHERE kind = 'PARCOURS' AND target IN ({empty})",
    )
    run(
        f"""
        UPDATE operators_externalkey AS known SET withdrawn_at = %(now)s, target = person.uuid
        FROM operators_pathway AS way
        JOIN beneficiaries_beneficiary AS person ON person.id = way.beneficiary_id
        WHERE known.kind = 'CLOTURE' AND known.target = way.uuid AND way.uuid IN ({empty})
        """,
        params,
    )
    run(f"DELETE FROM operators_pathway WHERE uuid IN ({empty})")
    run(
        """
        UPDATE beneficiaries_servicerequest AS asked SET state = 'REGISTERED'
        WHERE asked.id IN (SELECT request_id FROM delivery_lost) AND asked.state = 'SCHEDULED'
            AND NOT EXISTS (SELECT 1 FROM operators_appointment AS booked
                WHERE booked.service_request_id = asked.id AND booked.state = 'BOOKED')
        """
    )
