"""Appointments: whose, for which request, and never two at once."""

from operators.booking.agenda.rules.facts import (
    ADVISER_FREE,
    PERSON_FREE,
    REQUESTED_BEFORE_BOOKED,
    is_asked_late,
)
from operators.casework.pathways.rules.sessions import ON_ITS_DAY, is_on_another_day
from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.check_doubles import ask_of_doubles, refuse_overlaps
from operators.exchange.deliveries.services.judging import FROZEN, LIVE, problem_of, refuse


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
    _check_changed_appointments(params)
    _check_dates(params)
    ask_of_doubles("RENDEZ_VOUS", params)
    refuse_overlaps("RENDEZ_VOUS", "line.adviser_id", ADVISER_FREE)
    refuse_overlaps("RENDEZ_VOUS", "who.uuid", PERSON_FREE)
    refuse(
        f"""line.kind = 'RENDEZ_VOUS' AND line.state IN {LIVE} AND EXISTS (
            SELECT 1 FROM operators_advisertime AS taken
            WHERE taken.adviser_id = line.adviser_id AND taken.source <> line.target
                AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = taken.source
                    AND gone.problems IS NULL AND gone.status = 'GONE')
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
                AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = other.uuid
                    AND gone.problems IS NULL AND gone.status = 'GONE')
                AND other.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')
                AND other.period && tstzrange(line.at, line.at + line.minutes * interval '1 minute'))""",
        problem_of(PERSON_FREE),
    )


def _check_dates(params: dict) -> None:
    """Asked, then taken; an appointment whose cell is empty keeps the request it had."""
    refuse(
        f"""line.kind = 'RENDEZ_VOUS' AND {
            is_asked_late(
                requested_at="coalesce(("
                "SELECT asked.at FROM delivery_line AS asked WHERE asked.kind = 'DEMANDE'"
                " AND asked.external_id = line.request AND asked.problems IS NULL"
                " AND asked.status = 'NEW'), ("
                "SELECT asked.requested_at FROM operators_externalkey AS known"
                " JOIN beneficiaries_servicerequest AS asked ON asked.uuid = known.target"
                " WHERE known.organisation_id = %(organisation)s AND known.kind = 'DEMANDE'"
                " AND known.external_id = line.request), ("
                "SELECT asked.requested_at FROM operators_appointment AS booked"
                " JOIN beneficiaries_servicerequest AS asked ON asked.id = booked.service_request_id"
                " WHERE booked.uuid = line.target))",
                booked_at="line.booked_at",
            )
        }""",
        problem_of(REQUESTED_BEFORE_BOOKED),
        params,
    )


def _check_changed_appointments(params: dict) -> None:
    known = """line.kind = 'RENDEZ_VOUS' AND line.status = 'CHANGED' AND EXISTS (
        SELECT 1 FROM operators_appointment AS known
        JOIN operators_site AS site ON site.id = known.site_id
        LEFT JOIN operators_counsellingsession AS held ON held.appointment_id = known.id
            AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = held.uuid
                AND gone.problems IS NULL AND gone.status = 'GONE')
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
        known
        + "held.id IS NOT NULL AND "
        + is_on_another_day(held_on="held.held_on", booked_on="line.day")
        + " AND NOT EXISTS (SELECT 1 FROM delivery_line AS told WHERE told.target = held.uuid"
        " AND told.problems IS NULL AND told.status = 'CHANGED')))",
        problem_of(ON_ITS_DAY),
        params,
    )
    refuse(
        known + "lower(known.period) AT TIME ZONE site.zone < old.open_on OR line.day < new.open_on))",
        FROZEN,
    )
