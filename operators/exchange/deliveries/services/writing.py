"""What was accepted goes where the portal's own facts are, in the same transaction as everything else."""

from datetime import datetime
from typing import Any

from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.services.checks import GOOD
from operators.exchange.deliveries.services.staging import run
from operators.exchange.deliveries.services.withdrawing import remove_withdrawn, settle_what_is_left

PERIOD = "tstzrange(line.at, line.at + line.minutes * interval '1 minute')"


def write_facts(delivery: DataDelivery, *, now: datetime) -> None:
    """Insert what is new, change what changed with its former value kept, note every number."""
    params = {"organisation": delivery.organisation_id, "delivery": delivery.pk, "now": now}
    # A trigger takes an adviser's time for each appointment: with checks put off to the end, what it costs
    # grows with all those waiting, and 80,000 appointments take four minutes.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    _keep_former(params)
    remove_withdrawn(params)
    _write_people(params)
    _write_requests(params)
    _write_appointments(params)
    _find_ends()
    _close_known_pathways()
    _write_pathways()
    _reopen_pathways()
    _write_sessions(params)
    _follow_requests()
    _write_keys(params)
    settle_what_is_left(params)


def _keep_former(params: dict[str, Any]) -> None:
    facts = {
        "RENDEZ_VOUS": (
            "operators_appointment",
            (
                "'period', fact.period, 'adviser', fact.adviser_id, 'site', fact.site_id,"
                " 'level', fact.level,"
                " 'mode', fact.mode, 'state', fact.state, 'booked_at', fact.booked_at,"
                " 'cancelled_at', fact.cancelled_at, 'cancelled_by', fact.cancelled_by"
            ),
        ),
        "SEANCE": (
            "operators_counsellingsession",
            (
                "'starts_at', fact.starts_at, 'duration_minutes', fact.duration_minutes,"
                " 'adviser', fact.adviser_id, 'site', fact.site_id, 'level', fact.level, 'mode', fact.mode,"
                " 'themes', fact.themes, 'next_step', fact.next_step"
            ),
        ),
        "CLOTURE": (
            "operators_pathway",
            "'closed_at', fact.closed_at, 'outcome', fact.outcome, 'state', fact.state",
        ),
    }
    for kind, (table, former) in facts.items():
        run(
            f"""
            INSERT INTO operators_formerfact (key_id, delivery_id, former, replaced_at)
            SELECT known.id, %(delivery)s, jsonb_build_object({former})
                || jsonb_strip_nulls(jsonb_build_object(
                    'withdrawal', line.withdrawal, 'correction', line.correction)), %(now)s
            FROM delivery_line AS line
            JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
                AND known.kind = line.kind AND known.external_id = line.external_id
            JOIN {table} AS fact ON fact.uuid = line.target
            WHERE line.problems IS NULL AND line.status IN ('CHANGED', 'GONE') AND line.kind = '{kind}'
            """,
            params,
        )
    run(
        f"""
        INSERT INTO operators_sessioncorrection
            (session_id, former, reason, corrected_at, channel)
        SELECT fact.id, jsonb_build_object({facts["SEANCE"][1]}), coalesce(line.correction, ''),
            %(now)s, 'FILE'
        FROM delivery_line AS line JOIN operators_counsellingsession AS fact ON fact.uuid = line.target
        WHERE {GOOD} AND line.status = 'CHANGED' AND line.kind = 'SEANCE'
        """,
        params,
    )


def _write_people(params: dict[str, Any]) -> None:
    """Pseudonyms: the operator's number stands where a name would, nobody can be written to from here."""
    run(
        f"""
        DELETE FROM delivery_person AS who WHERE NOT EXISTS (
            SELECT 1 FROM delivery_line AS line WHERE {GOOD} AND line.person = who.number)
        """
    )
    run(
        """
        INSERT INTO beneficiaries_beneficiary
            (uuid, first_name, last_name, email, phone, created_at, known_through_id)
        SELECT who.uuid, 'Personne', who.number, '', '', %(now)s, %(organisation)s
        FROM delivery_person AS who WHERE who.id IS NULL
        """,
        params,
    )
    run(
        """
        INSERT INTO operators_externalkey (organisation_id, kind, external_id, target, delivery_id)
        SELECT %(organisation)s, 'PERSONNE', who.number, who.uuid, %(delivery)s
        FROM delivery_person AS who WHERE who.id IS NULL
        """,
        params,
    )
    run(
        """
        UPDATE delivery_person AS who SET id = person.id
        FROM beneficiaries_beneficiary AS person WHERE who.id IS NULL AND person.uuid = who.uuid
        """
    )
    run("ANALYZE delivery_person")


def _write_requests(params: dict[str, Any]) -> None:
    run(
        f"""
        INSERT INTO beneficiaries_servicerequest
            (uuid, reference, requested_at, situation, commune_id, commune_basis, needs, urgency,
             access_needs, contract_id, beneficiary_id, state, is_delivered)
        SELECT line.target, line.reference, line.at, line.situation, line.commune, line.commune_basis,
            line.needs, line.urgency, '{{}}', line.contract_id, who.id, 'REGISTERED', true
        FROM delivery_line AS line JOIN delivery_person AS who ON who.number = line.person
        WHERE {GOOD} AND line.kind = 'DEMANDE'
        """,
        params,
    )


def _write_appointments(params: dict[str, Any]) -> None:
    _find_requests(params)
    _write_new_appointments(params)
    _rewrite_appointments(params)
    run(
        f"""
        UPDATE operators_appointment AS known SET state = 'ATTENDED'
        FROM delivery_line AS line
        WHERE {GOOD} AND line.kind = 'SEANCE' AND known.uuid = line.appointment_uuid
            AND known.state = 'BOOKED'
        """
    )


def _find_requests(params: dict[str, Any]) -> None:
    """The request that each appointment names, sent in this file or known from before."""
    run("ALTER TABLE delivery_line ADD COLUMN request_id int8")
    run(
        f"""
        UPDATE delivery_line AS line SET request_id = asked.id
        FROM delivery_line AS named
        LEFT JOIN delivery_line AS sent ON sent.kind = 'DEMANDE' AND sent.external_id = named.request
            AND sent.problems IS NULL
        LEFT JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
            AND known.kind = 'DEMANDE' AND known.external_id = named.request
        JOIN beneficiaries_servicerequest AS asked ON asked.uuid = coalesce(known.target, sent.target)
        WHERE named.line = line.line AND {GOOD} AND line.kind = 'RENDEZ_VOUS' AND line.request IS NOT NULL
        """,
        params,
    )


def _write_new_appointments(params: dict[str, Any]) -> None:
    """In the order of time, so that the index that forbids two at once is filled like a calendar."""
    run(
        f"""
        INSERT INTO operators_appointment
            (uuid, adviser_id, site_id, service_request_id, beneficiary_id, period, busy_period, level,
             mode, state, channel, booked_at, cancelled_at, cancelled_by, cancel_reason, calendar_sequence)
        SELECT line.target, line.adviser_id, line.site_id, line.request_id, who.id, {PERIOD}, {PERIOD},
            line.level, line.mode, line.state, 'SOFTWARE', line.booked_at, line.cancelled_at,
            coalesce(line.cancelled_by, ''), coalesce(line.cancel_reason, ''), 0
        FROM delivery_line AS line JOIN delivery_person AS who ON who.number = line.person
        WHERE {GOOD} AND line.status = 'NEW' AND line.kind = 'RENDEZ_VOUS'
        ORDER BY line.adviser_id, line.at
        """,
        params,
    )


def _rewrite_appointments(params: dict[str, Any]) -> None:
    run(
        f"""
        UPDATE operators_appointment AS known SET
            adviser_id = line.adviser_id, site_id = line.site_id,
            service_request_id = coalesce(line.request_id, known.service_request_id),
            period = {PERIOD}, busy_period = {PERIOD}, level = line.level, mode = line.mode,
            state = line.state, booked_at = line.booked_at, cancelled_at = line.cancelled_at,
            cancelled_by = coalesce(line.cancelled_by, ''),
            cancel_reason = coalesce(
                line.cancel_reason, CASE WHEN line.state = 'CANCELLED' THEN known.cancel_reason END, '')
        FROM delivery_line AS line
        WHERE {GOOD} AND line.status = 'CHANGED' AND line.kind = 'RENDEZ_VOUS' AND known.uuid = line.target
        """,
        params,
    )


def _find_ends() -> None:
    """How each pathway named stands after this delivery: its sessions, its last closing, its coming back."""
    for column in ("first_on date", "last_at timestamptz", "ended_at timestamptz", "outcome text"):
        run(f"ALTER TABLE delivery_way ADD COLUMN {column}")
    run("ALTER TABLE delivery_way ADD COLUMN back_at timestamptz")
    held = f"""
        SELECT way.number, session.starts_at AS at, session.held_on AS day
        FROM delivery_way AS way JOIN operators_counsellingsession AS session ON session.pathway_id = way.id
        WHERE NOT EXISTS (
            SELECT 1 FROM delivery_line AS line WHERE {GOOD} AND line.kind = 'SEANCE'
                AND line.pathway = way.number AND line.target = session.uuid)
        UNION ALL
        SELECT line.pathway, line.at, line.day FROM delivery_line AS line
        WHERE {GOOD} AND line.kind = 'SEANCE'"""
    run(
        f"""
        UPDATE delivery_way AS way SET first_on = held.first_on, last_at = held.last_at
        FROM (SELECT number, min(day) AS first_on, max(at) AS last_at FROM ({held}) AS one GROUP BY number)
            AS held
        WHERE held.number = way.number
        """
    )
    run(
        f"""
        UPDATE delivery_way AS way SET ended_at = ending.at, outcome = ending.outcome
        FROM (
            SELECT way.number, coalesce(closing.at, known.closed_at) AS at,
                coalesce(closing.outcome, known.outcome) AS outcome
            FROM delivery_way AS way
            LEFT JOIN operators_pathway AS known ON known.id = way.id
            LEFT JOIN (
                SELECT DISTINCT ON (line.pathway) line.pathway, line.at, line.outcome
                FROM delivery_line AS line WHERE {GOOD} AND line.kind = 'CLOTURE'
                ORDER BY line.pathway, line.at DESC
            ) AS closing ON closing.pathway = way.number
        ) AS ending
        WHERE ending.number = way.number AND ending.at IS NOT NULL
        """
    )
    run(
        f"""
        UPDATE delivery_way AS way SET back_at = back.at
        FROM (
            SELECT one.number, min(one.at) AS at FROM ({held}) AS one
            JOIN delivery_way AS ended ON ended.number = one.number AND one.at > ended.ended_at
            GROUP BY one.number
        ) AS back
        WHERE back.number = way.number
        """
    )


def _close_known_pathways() -> None:
    run(
        """
        UPDATE operators_pathway AS known
        SET state = 'CLOSED', closed_at = way.ended_at, outcome = way.outcome
        FROM delivery_way AS way
        WHERE way.id = known.id AND way.ended_at >= way.last_at
            AND (known.closed_at, known.outcome) IS DISTINCT FROM (way.ended_at, way.outcome)
        """
    )


def _write_pathways() -> None:
    """A pathway begins with its first session: whom, where, and the request that led to it."""
    run(
        f"""
        INSERT INTO operators_pathway
            (uuid, beneficiary_id, contract_id, region_id, service_request_id, adviser_id, entered_on,
             state, closed_at, outcome, reopened_at)
        SELECT way.uuid, who.id, way.contract_id, coalesce(department.region_id, first.region), asked.id,
            first.adviser_id, way.first_on,
            CASE WHEN way.ended_at >= way.last_at THEN 'CLOSED' ELSE 'OPEN' END,
            CASE WHEN way.ended_at >= way.last_at THEN way.ended_at END,
            CASE WHEN way.ended_at >= way.last_at THEN way.outcome ELSE '' END,
            way.back_at
        FROM delivery_way AS way
        JOIN (
            SELECT DISTINCT ON (line.pathway) line.* FROM delivery_line AS line
            WHERE {GOOD} AND line.kind = 'SEANCE' ORDER BY line.pathway, line.at, line.line
        ) AS first ON first.pathway = way.number
        JOIN delivery_person AS who ON who.number = first.person
        LEFT JOIN operators_appointment AS booked ON booked.uuid = first.appointment_uuid
        LEFT JOIN beneficiaries_servicerequest AS asked ON asked.id = booked.service_request_id
        LEFT JOIN territories_commune AS commune ON commune.code = asked.commune_id
        LEFT JOIN territories_department AS department ON department.code = commune.department_id
        WHERE way.id IS NULL
        """
    )


def _reopen_pathways() -> None:
    run(
        """
        UPDATE operators_pathway AS known
        SET state = 'OPEN', closed_at = NULL, outcome = '', reopened_at = way.back_at
        FROM delivery_way AS way
        WHERE way.id = known.id AND way.ended_at < way.last_at
        """
    )
    run(
        """
        UPDATE operators_pathway AS known SET entered_on = way.first_on
        FROM delivery_way AS way WHERE way.id = known.id AND way.first_on <> known.entered_on
        """
    )


def _write_sessions(params: dict[str, Any]) -> None:
    run(
        f"""
        INSERT INTO operators_counsellingsession
            (uuid, pathway_id, appointment_id, adviser_id, site_id, starts_at, zone, duration_minutes,
             level, mode, themes, next_step, recorded_at)
        SELECT line.target, way.id, booked.id, line.adviser_id, line.site_id, line.at, site.zone,
            line.minutes, line.level, line.mode, line.themes, line.next_step, %(now)s
        FROM delivery_line AS line
        JOIN delivery_way AS named ON named.number = line.pathway
        JOIN operators_pathway AS way ON way.uuid = named.uuid
        JOIN operators_site AS site ON site.id = line.site_id
        LEFT JOIN operators_appointment AS booked ON booked.uuid = line.appointment_uuid
        WHERE {GOOD} AND line.status = 'NEW' AND line.kind = 'SEANCE'
        ORDER BY line.adviser_id, line.at
        """,
        params,
    )
    run(
        f"""
        UPDATE operators_counsellingsession AS known SET
            appointment_id = coalesce(known.appointment_id, booked.id), adviser_id = line.adviser_id,
            site_id = line.site_id, starts_at = line.at, zone = site.zone,
            duration_minutes = line.minutes, level = line.level, mode = line.mode, themes = line.themes,
            next_step = line.next_step
        FROM delivery_line AS line
        JOIN operators_site AS site ON site.id = line.site_id
        LEFT JOIN operators_appointment AS booked ON booked.uuid = line.appointment_uuid
        WHERE {GOOD} AND line.status = 'CHANGED' AND line.kind = 'SEANCE' AND known.uuid = line.target
        """,
        params,
    )


def _follow_requests() -> None:
    """As beneficiaries.request tells it: served once the person came, else scheduled, else waiting."""
    run(
        f"""
        UPDATE beneficiaries_servicerequest AS asked SET state = found.state
        FROM (
            SELECT booked.service_request_id AS id,
                CASE WHEN bool_or(booked.state = 'ATTENDED') THEN 'SERVED'
                    WHEN bool_or(booked.state = 'BOOKED') THEN 'SCHEDULED' ELSE 'REGISTERED' END AS state
            FROM operators_appointment AS booked
            WHERE booked.service_request_id IN (
                SELECT touched.service_request_id FROM operators_appointment AS touched
                JOIN delivery_line AS line ON {GOOD} AND touched.uuid = CASE line.kind
                    WHEN 'RENDEZ_VOUS' THEN line.target WHEN 'SEANCE' THEN line.appointment_uuid END)
            GROUP BY booked.service_request_id
        ) AS found
        WHERE asked.id = found.id AND asked.state <> 'SERVED' AND asked.state <> found.state
        """
    )


def _write_keys(params: dict[str, Any]) -> None:
    run(
        """
        INSERT INTO operators_externalkey (organisation_id, kind, external_id, target, delivery_id)
        SELECT %(organisation)s, 'PARCOURS', way.number, way.uuid, %(delivery)s
        FROM delivery_way AS way
        WHERE way.id IS NULL AND EXISTS (SELECT 1 FROM operators_pathway AS known WHERE known.uuid = way.uuid)
        """,
        params,
    )
    run(
        f"""
        INSERT INTO operators_externalkey (organisation_id, kind, external_id, target, digest, delivery_id)
        SELECT %(organisation)s, line.kind, line.external_id,
            CASE WHEN line.kind = 'CLOTURE' THEN way.uuid ELSE line.target END, line.digest, %(delivery)s
        FROM delivery_line AS line LEFT JOIN delivery_way AS way ON way.number = line.pathway
        WHERE {GOOD} AND (line.status = 'NEW' OR line.kind = 'SEANCE')
        ON CONFLICT (organisation_id, kind, external_id) DO NOTHING
        """,
        params,
    )
    run(
        f"""
        UPDATE operators_externalkey AS known SET digest = line.digest, delivery_id = %(delivery)s
        FROM delivery_line AS line
        WHERE {GOOD} AND line.status = 'CHANGED' AND known.organisation_id = %(organisation)s
            AND known.kind = line.kind AND known.external_id = line.external_id
        """,
        params,
    )
