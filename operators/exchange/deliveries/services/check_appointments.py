"""Appointments: whose, for which request, and never two at once."""

from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.judging import FROZEN, GOOD, LIVE, RESEND, refuse
from operators.exchange.deliveries.services.staging import run


def check_appointments(params: dict) -> None:
    refuse(
        """line.kind = 'RENDEZ_VOUS' AND line.request IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM operators_externalkey AS known
            JOIN beneficiaries_servicerequest AS asked ON asked.uuid = known.target
            JOIN delivery_person AS who ON who.number = line.person AND who.id = asked.beneficiary_id
            WHERE known.organisation_id = %(organisation)s AND known.kind = 'DEMANDE'
                AND known.external_id = line.request
        ) AND NOT EXISTS (
            SELECT 1 FROM delivery_line AS asked
            WHERE asked.kind = 'DEMANDE' AND asked.external_id = line.request AND asked.problems IS NULL
                AND asked.person = line.person
        )""",
        Problem(
            "demande",
            "Aucune demande prise n’a ce numéro pour cette personne.",
            "Ajoutez la ligne de la demande, corrigez-la si elle est refusée, ou videz la cellule.",
        ),
        params,
    )
    _check_changed_appointments()
    for owner, field, what in (
        ("line.adviser_id", "conseiller", "Ce conseiller a déjà un rendez-vous à cette heure"),
        ("who.uuid", "personne", "Cette personne a déjà un rendez-vous à cette heure"),
    ):
        _check_overlaps(owner, field, what)
    refuse(
        f"""line.kind = 'RENDEZ_VOUS' AND line.state IN {LIVE} AND EXISTS (
            SELECT 1 FROM operators_advisertime AS taken
            WHERE taken.adviser_id = line.adviser_id AND taken.source <> line.target
                AND taken.period && tstzrange(line.at, line.at + line.minutes * interval '1 minute'))""",
        Problem(
            "conseiller",
            "Ce conseiller est déjà pris à cette heure, dans le portail ou par une remontée précédente.",
            "Corrigez l’heure ou le conseiller ; si l’autre a changé, envoyez-le d’abord.",
        ),
    )
    refuse(
        f"""line.kind = 'RENDEZ_VOUS' AND line.state IN {LIVE} AND EXISTS (
            SELECT 1 FROM delivery_person AS who
            JOIN operators_appointment AS other ON other.beneficiary_id = who.id
            WHERE who.number = line.person AND other.uuid <> line.target
                AND other.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')
                AND other.period && tstzrange(line.at, line.at + line.minutes * interval '1 minute'))""",
        Problem("personne", "Cette personne a déjà un rendez-vous à cette heure.", RESEND),
    )


def _check_changed_appointments() -> None:
    known = """line.kind = 'RENDEZ_VOUS' AND line.status = 'CHANGED' AND EXISTS (
        SELECT 1 FROM operators_appointment AS known
        JOIN operators_site AS site ON site.id = known.site_id
        LEFT JOIN operators_counsellingsession AS held ON held.appointment_id = known.id
        LEFT JOIN delivery_person AS who ON who.number = line.person
        LEFT JOIN delivery_freeze AS old ON old.contract_id = site.contract_id
        LEFT JOIN delivery_freeze AS new ON new.contract_id = line.contract_id
        WHERE known.uuid = line.target AND ("""
    refuse(
        known + "known.beneficiary_id IS DISTINCT FROM who.id))",
        Problem("personne", "Ce rendez-vous est celui d’une autre personne.", "Donnez-lui un autre numéro."),
    )
    refuse(
        known + "held.id IS NOT NULL AND line.state <> 'ATTENDED'))",
        Problem("etat", "Une séance tient ce rendez-vous : il est honoré.", "Écrivez ATTENDED."),
    )
    refuse(
        known + "lower(known.period) AT TIME ZONE site.zone < old.open_on OR line.day < new.open_on))",
        FROZEN,
    )


def _check_overlaps(owner: str, field: str, what: str) -> None:
    """Two live appointments of the file at one time: the later to start is refused, with the other's line."""
    run(
        f"""
        UPDATE delivery_line AS line
        SET problems = jsonb_build_array(jsonb_build_object(
            'field', %(field)s, 'what', format(%(what)s || ' (ligne %%s).', twice.before_line),
            'how', %(how)s))
        FROM (
            SELECT line.line, line.at,
                max(line.at + line.minutes * interval '1 minute') OVER before AS busy_until,
                lag(line.line) OVER (PARTITION BY {owner} ORDER BY line.at, line.line) AS before_line
            FROM delivery_line AS line JOIN delivery_person AS who ON who.number = line.person
            WHERE {GOOD} AND line.kind = 'RENDEZ_VOUS' AND line.state IN {LIVE}
            WINDOW before AS (PARTITION BY {owner} ORDER BY line.at, line.line
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ) AS twice
        WHERE twice.line = line.line AND twice.busy_until > twice.at
        """,
        {"field": field, "what": what, "how": RESEND},
    )
