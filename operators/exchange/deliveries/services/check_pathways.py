"""Sessions and closings: which pathway they begin, carry on or end, and what may not be."""

from operators.casework.pathways.rules.sessions import (
    ADVISER_FREE,
    LONGEST,
    ON_ITS_DAY,
    PERSON_FREE,
    held_time,
    is_on_another_day,
)
from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.check_doubles import (
    ask_of_closings,
    ask_of_doubles,
    refuse_overlaps,
)
from operators.exchange.deliveries.services.judging import (
    FROZEN,
    GONE,
    GOOD,
    RESEND,
    UUID,
    problem_of,
    refuse,
    refuse_with,
)
from operators.exchange.deliveries.services.staging import rows, run
from procurement.contracts.selectors import rule_set_of
from procurement.tender.rules import reopening_days


def check_sessions(params: dict) -> None:
    _name_ways(params)
    wrong_way = """line.kind = 'SEANCE' AND EXISTS (
        SELECT 1 FROM delivery_way AS way WHERE way.number = line.pathway AND """
    refuse(
        wrong_way + "way.person IS DISTINCT FROM line.person)",
        Problem("parcours", "Ce parcours est celui d’une autre personne.", "Corrigez un des deux numéros."),
    )
    refuse(
        wrong_way + "way.contract_id <> line.contract_id)",
        Problem(
            "parcours",
            "Ce parcours relève d’un autre contrat que ce lieu.",
            "Donnez un autre numéro de parcours pour l’autre contrat.",
        ),
    )
    _check_session_appointments(params)
    _check_changed_sessions()
    ask_of_doubles("SEANCE", params)
    _check_overlaps()


def _check_overlaps() -> None:
    """Two sessions at once, of an adviser or of a person: in the file, then against what is known."""
    refuse_overlaps("SEANCE", "line.adviser_id", ADVISER_FREE)
    refuse_overlaps("SEANCE", "who.uuid", PERSON_FREE)
    at_once = f"""held.uuid <> line.target
        AND {held_time("held.starts_at", "held.duration_minutes")} && {held_time("line.at", "line.minutes")}
        AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = held.uuid
            AND gone.problems IS NULL AND gone.status = 'GONE')"""
    _check_known_times()
    refuse(
        f"""line.kind = 'SEANCE' AND line.status = 'CHANGED' AND EXISTS (
            SELECT 1 FROM operators_counsellingsession AS held
            WHERE held.adviser_id = line.adviser_id AND {at_once})""",
        problem_of(ADVISER_FREE),
    )
    refuse(
        f"""line.kind = 'SEANCE' AND EXISTS (
            SELECT 1 FROM delivery_person AS who
            JOIN operators_pathway AS way ON way.beneficiary_id = who.id
            JOIN operators_counsellingsession AS held ON held.pathway_id = way.id
            WHERE who.number = line.person AND {at_once})""",
        problem_of(PERSON_FREE),
    )


def _check_known_times() -> None:
    """New sessions over one that their adviser is known to have held.

    All are put in the order of time once: asking for each line by itself takes a second for five thousand.
    """
    around = f"interval '{LONGEST} minutes'"
    refuse_with(
        f"""
        WITH told AS MATERIALIZED (
            SELECT line.line, line.adviser_id, line.at, line.at + line.minutes * interval '1 minute' AS until
            FROM delivery_line AS line WHERE {GOOD} AND line.kind = 'SEANCE' AND line.status = 'NEW'
        ), held AS (
            SELECT NULL::int4 AS line, held.adviser_id, held.starts_at AS at,
                held.starts_at + held.duration_minutes * interval '1 minute' AS until
            FROM operators_counsellingsession AS held
            WHERE held.adviser_id IN (SELECT adviser_id FROM told)
                AND held.starts_at > (SELECT min(at) FROM told) - {around}
                AND held.starts_at < (SELECT max(until) FROM told)
                AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = held.uuid
                    AND gone.problems IS NULL AND gone.status = 'GONE')
        )
        SELECT line, %(what)s::text AS what, '' AS other FROM (
            SELECT line, at, until,
                max(until) FILTER (WHERE line IS NULL) OVER (PARTITION BY adviser_id
                    ORDER BY at, line NULLS FIRST
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS busy_until,
                min(at) FILTER (WHERE line IS NULL) OVER (PARTITION BY adviser_id
                    ORDER BY at DESC, line NULLS LAST
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS next_at
            FROM (SELECT * FROM told UNION ALL SELECT * FROM held) AS both_of_them
        ) AS placed
        WHERE line IS NOT NULL AND (busy_until > at OR next_at < until)
        """,
        field=ADVISER_FREE.column,
        how=ADVISER_FREE.how,
        params={"what": ADVISER_FREE.what},
    )


def _name_ways(params: dict) -> None:
    """`delivery_way`: what each number of pathway names, known already (id) or begun by its first session."""
    run(
        f"""
        CREATE TEMPORARY TABLE delivery_way ON COMMIT DROP AS
        SELECT DISTINCT ON (named.pathway) named.pathway AS number, way.id, way.state, way.closed_at,
            coalesce(way.uuid, gen_random_uuid()) AS uuid, known.id IS NOT NULL AS has_key,
            coalesce(way.contract_id, named.contract_id) AS contract_id,
            way.beneficiary_id,
            CASE WHEN way.id IS NULL THEN named.person
                WHEN who.id = way.beneficiary_id THEN named.person END AS person
        FROM delivery_line AS named
        LEFT JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
            AND known.kind = 'PARCOURS' AND known.external_id = named.pathway
        LEFT JOIN operators_pathway AS way ON way.uuid = coalesce(
            known.target,
            CASE WHEN named.pathway ~* {UUID} THEN (
                SELECT own.uuid FROM operators_pathway AS own
                JOIN procurement_contract AS contract ON contract.id = own.contract_id
                WHERE own.uuid = named.pathway::uuid AND contract.holder_id = %(organisation)s
                    AND own.joined_into_id IS NULL
            ) END)
        LEFT JOIN delivery_person AS who ON who.number = named.person
        WHERE named.kind IN ('SEANCE', 'CLOTURE') AND named.problems IS NULL AND named.status <> 'SAME'
        ORDER BY named.pathway,
            (named.kind = 'CLOTURE'),
            (way.id IS NOT NULL AND who.id IS DISTINCT FROM way.beneficiary_id),
            named.at, named.line
        """,
        params,
    )
    run(
        f"""
        UPDATE delivery_way AS way SET closed_at = NULL, state = 'OPEN' FROM delivery_line AS line
        WHERE {GONE} AND line.kind = 'CLOTURE' AND line.target = way.uuid
        """
    )
    run("CREATE INDEX ON delivery_way (number)")
    run("ANALYZE delivery_way")


def _check_session_appointments(params: dict) -> None:
    run("ALTER TABLE delivery_line ADD COLUMN appointment_uuid uuid")
    run(
        f"""
        UPDATE delivery_line AS line SET appointment_uuid = found.uuid
        FROM (
            SELECT line.line, coalesce(sent.target, known.target, own.uuid) AS uuid
            FROM delivery_line AS line
            LEFT JOIN delivery_line AS sent ON sent.kind = 'RENDEZ_VOUS' AND sent.problems IS NULL
                AND sent.external_id = line.appointment AND sent.person = line.person
                AND sent.state IN ('BOOKED', 'ATTENDED')
            LEFT JOIN operators_externalkey AS known ON sent.line IS NULL
                AND known.organisation_id = %(organisation)s AND known.kind = 'RENDEZ_VOUS'
                AND known.external_id = line.appointment
            LEFT JOIN operators_appointment AS own ON own.uuid = coalesce(
                known.target, CASE WHEN line.appointment ~* {UUID} THEN line.appointment::uuid END)
                AND own.state IN ('BOOKED', 'ATTENDED')
                AND EXISTS (
                    SELECT 1 FROM delivery_person AS who
                    WHERE who.number = line.person AND who.id = own.beneficiary_id)
            WHERE {GOOD} AND line.kind = 'SEANCE' AND line.appointment IS NOT NULL
                AND (sent.line IS NOT NULL OR own.id IS NOT NULL)
        ) AS found
        WHERE found.line = line.line
        """,
        params,
    )
    refuse(
        "line.kind = 'SEANCE' AND line.appointment IS NOT NULL AND line.appointment_uuid IS NULL",
        Problem(
            "rendez_vous",
            "Aucun rendez-vous pris ou honoré n’a ce numéro pour cette personne.",
            "Ajoutez ou corrigez la ligne du rendez-vous, ou videz la cellule.",
        ),
    )
    refuse(
        """line.kind = 'SEANCE' AND line.appointment_uuid IS NOT NULL AND (
            EXISTS (
                SELECT 1 FROM operators_counsellingsession AS held
                JOIN operators_appointment AS booked ON booked.id = held.appointment_id
                WHERE booked.uuid = line.appointment_uuid AND held.uuid <> line.target
                    AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = held.uuid
                        AND gone.problems IS NULL AND gone.status = 'GONE'))
            OR EXISTS (
                SELECT 1 FROM delivery_line AS other
                WHERE other.kind = 'SEANCE' AND other.problems IS NULL AND other.person = line.person
                    AND other.appointment_uuid = line.appointment_uuid AND other.line < line.line))""",
        Problem("rendez_vous", "Une autre séance tient déjà ce rendez-vous.", RESEND),
    )
    _check_days(params)


def _check_days(params: dict) -> None:
    """A session is on its appointment's day, as sent with it or as known; an empty cell keeps the link."""
    booked_on = """coalesce(
        (SELECT sent.day FROM delivery_line AS sent WHERE sent.kind = 'RENDEZ_VOUS' AND sent.problems IS NULL
            AND sent.status IN ('NEW', 'CHANGED')
            AND sent.target = coalesce(line.appointment_uuid, kept.uuid)),
        (SELECT (lower(booked.period) AT TIME ZONE place.zone)::date FROM operators_appointment AS booked
            JOIN operators_site AS place ON place.id = booked.site_id
            WHERE booked.uuid = coalesce(line.appointment_uuid, kept.uuid)))"""
    refuse(
        f"""line.kind = 'SEANCE' AND EXISTS (
            SELECT 1 FROM (SELECT) AS always
            LEFT JOIN operators_counsellingsession AS known ON known.uuid = line.target
            LEFT JOIN operators_appointment AS kept ON kept.id = known.appointment_id
            WHERE {is_on_another_day(held_on="line.day", booked_on=booked_on)})""",
        problem_of(ON_ITS_DAY),
        params,
    )


def _check_changed_sessions() -> None:
    known = """line.kind = 'SEANCE' AND line.status = 'CHANGED' AND EXISTS (
        SELECT 1 FROM operators_counsellingsession AS known
        JOIN operators_pathway AS way ON way.id = known.pathway_id
        LEFT JOIN operators_appointment AS booked ON booked.id = known.appointment_id
        LEFT JOIN delivery_freeze AS frozen ON frozen.contract_id = way.contract_id
        WHERE known.uuid = line.target AND ("""
    refuse(
        known + "NOT EXISTS (SELECT 1 FROM delivery_way AS own"
        " WHERE own.number = line.pathway AND own.id = way.id)))",
        Problem("parcours", "Une séance ne change pas de parcours.", "Donnez-lui un autre numéro."),
    )
    refuse(
        known + "booked.uuid <> line.appointment_uuid))",
        Problem("rendez_vous", "Une séance ne change pas de rendez-vous.", "Remettez le numéro d’origine."),
    )
    refuse(known + "known.held_on < frozen.open_on OR line.day < frozen.open_on))", FROZEN)


def check_closings(params: dict) -> None:
    """Closings last: they end what the sessions taken have begun."""
    ask_of_closings(params)
    _check_coming_back()
    _check_one_open()
    has_way = """EXISTS (
            SELECT 1 FROM delivery_way AS way WHERE way.number = line.pathway AND way.id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM delivery_line AS held WHERE held.kind = 'SEANCE'
            AND held.pathway = line.pathway AND held.problems IS NULL)"""
    refuse(
        f"line.kind = 'CLOTURE' AND NOT ({has_way})",
        Problem(
            "parcours",
            "Aucune séance prise n’a ouvert ce parcours.",
            "Ajoutez ses séances, ou corrigez celles qui sont refusées.",
        ),
    )
    refuse(
        """line.kind = 'CLOTURE' AND line.at < least(
            (SELECT min(held.at) FROM delivery_line AS held WHERE held.kind = 'SEANCE'
                AND held.pathway = line.pathway AND held.problems IS NULL),
            (SELECT min(held.starts_at) FROM operators_counsellingsession AS held
                JOIN delivery_way AS way ON way.id = held.pathway_id WHERE way.number = line.pathway))""",
        Problem("date_heure", "Cette clôture précède la première séance.", "Corrigez une des deux dates."),
    )
    refuse(
        """line.kind = 'CLOTURE' AND (
            EXISTS (SELECT 1 FROM delivery_way AS way WHERE way.number = line.pathway
                AND way.closed_at > line.at AND line.status = 'NEW')
            OR EXISTS (SELECT 1 FROM delivery_line AS other WHERE other.kind = 'CLOTURE'
                AND other.problems IS NULL AND other.pathway = line.pathway AND other.at > line.at))""",
        Problem("date_heure", "Une clôture plus récente de ce parcours est connue.", "Retirez cette ligne."),
    )
    refuse(
        """line.kind = 'CLOTURE' AND line.status = 'CHANGED' AND EXISTS (
            SELECT 1 FROM delivery_way AS way
            JOIN operators_pathway AS known ON known.id = way.id
            JOIN procurement_contract AS contract ON contract.id = known.contract_id
            JOIN delivery_freeze AS frozen ON frozen.contract_id = way.contract_id
            WHERE way.number = line.pathway AND (line.at AT TIME ZONE 'Europe/Paris' < frozen.open_on
                OR known.closed_at AT TIME ZONE 'Europe/Paris' < frozen.open_on))""",
        FROZEN,
    )
    refuse(
        """line.kind = 'CLOTURE' AND line.status = 'CHANGED' AND NOT EXISTS (
            SELECT 1 FROM delivery_way AS way WHERE way.number = line.pathway AND way.uuid = line.target)""",
        Problem("parcours", "Une clôture ne change pas de parcours.", "Donnez-lui un autre numéro."),
    )


def _check_coming_back() -> None:
    """Who comes back too late after a closing enters again, under another number (rule set of the market)."""
    for (contract_id,) in rows("SELECT DISTINCT contract_id FROM delivery_way WHERE contract_id IS NOT NULL"):
        days = reopening_days(rule_set_of(contract_id).params)
        if days is None:
            continue
        refuse(
            """line.kind = 'SEANCE' AND line.contract_id = %(contract)s AND line.day > (
                SELECT max((closed.at AT TIME ZONE site.zone)::date) + %(days)s
                FROM operators_site AS site, LATERAL (
                    SELECT way.closed_at AS at FROM delivery_way AS way WHERE way.number = line.pathway
                    UNION ALL
                    SELECT sent.at FROM delivery_line AS sent WHERE sent.kind = 'CLOTURE'
                        AND sent.pathway = line.pathway AND sent.problems IS NULL AND sent.at < line.at
                ) AS closed WHERE site.id = line.site_id)""",
            Problem(
                "parcours",
                f"Cette séance vient plus de {days} jours après la clôture : c’est un autre parcours.",
                "Donnez un nouveau numéro de parcours.",
            ),
            {"contract": contract_id, "days": days},
        )


def _check_one_open() -> None:
    """One pathway open at a time for a person under a contract: the sessions of a second one are refused."""
    refuse(
        """line.kind = 'SEANCE' AND line.pathway IN (
            SELECT number FROM (
                SELECT way.number, row_number() OVER (
                    PARTITION BY who.uuid, way.contract_id ORDER BY way.id NULLS LAST, first.at, way.number
                ) AS place,
                (SELECT count(*) FROM operators_pathway AS open
                    WHERE open.beneficiary_id = who.id AND open.contract_id = way.contract_id
                        AND open.state = 'OPEN' AND open.id IS DISTINCT FROM way.id
                        AND NOT EXISTS (
                            SELECT 1 FROM delivery_way AS ending
                            JOIN delivery_line AS closing ON closing.pathway = ending.number
                                AND closing.kind = 'CLOTURE' AND closing.problems IS NULL
                            WHERE ending.id = open.id)) AS elsewhere
                FROM delivery_way AS way
                JOIN LATERAL (
                    SELECT min(held.at) AS at, max(held.at) AS last_at FROM delivery_line AS held
                    WHERE held.kind = 'SEANCE' AND held.pathway = way.number AND held.problems IS NULL
                        AND held.status <> 'SAME'
                ) AS first ON first.at IS NOT NULL
                JOIN delivery_person AS who ON who.number = way.person
                WHERE NOT EXISTS (
                    SELECT 1 FROM delivery_line AS closing WHERE closing.kind = 'CLOTURE'
                        AND closing.problems IS NULL AND closing.pathway = way.number
                        AND closing.at >= first.last_at)
                    AND NOT (way.closed_at IS NOT NULL AND way.closed_at >= first.last_at)
            ) AS open WHERE place + elsewhere > 1)""",
        Problem(
            "parcours",
            "Cette personne a déjà un parcours en cours sous ce contrat.",
            "Envoyez aussi la clôture du premier, ou gardez son numéro.",
        ),
    )
