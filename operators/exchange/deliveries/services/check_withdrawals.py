"""Facts that their operator takes back: only its own, of an open month, on which nothing else stands."""

from django.db.models import ManyToManyRel, Model

from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway, SessionCorrection
from operators.exchange.deliveries.rules.line_checks import Problem
from operators.exchange.deliveries.services.judging import FROZEN, GONE, refuse
from operators.exchange.deliveries.services.staging import run

TIED = "Retirez d’abord ce qui en dépend, ou corrigez le fait au lieu de le retirer."


def recognise_withdrawals() -> None:
    """A withdrawal sent again changes nothing; a fact withdrawn does not come back under its number."""
    refuse(
        "line.withdrawal IS NOT NULL AND line.status = 'NEW'",
        Problem("id", "Aucun fait pris n’a ce numéro : rien à retirer.", "Corrigez le numéro ou la nature."),
        among="line.problems IS NULL",
    )
    run(
        """
        UPDATE delivery_line AS line SET status = CASE WHEN line.is_withdrawn THEN 'SAME' ELSE 'GONE' END
        WHERE line.problems IS NULL AND line.withdrawal IS NOT NULL
        """
    )
    refuse(
        "line.withdrawal IS NULL AND line.is_withdrawn",
        Problem(
            "id",
            "Ce fait a été retiré : son numéro ne sert plus.",
            "Donnez un autre numéro s’il a bien eu lieu ; sinon retirez la ligne.",
        ),
        among="line.problems IS NULL",
    )


def check_withdrawals() -> None:
    _check_closings()
    _check_sessions()
    _check_appointments()


def _check_sessions() -> None:
    session = """line.kind = 'SEANCE' AND EXISTS (
        SELECT 1 FROM operators_counsellingsession AS fact
        JOIN operators_pathway AS way ON way.id = fact.pathway_id
        JOIN beneficiaries_beneficiary AS person ON person.id = way.beneficiary_id
        LEFT JOIN delivery_freeze AS frozen ON frozen.contract_id = way.contract_id
        WHERE fact.uuid = line.target AND ("""
    _refuse(session + "fact.held_on < frozen.open_on))", FROZEN)
    _refuse(session + "person.restricted_at IS NOT NULL))", _restricted())
    _refuse(
        session + _others(CounsellingSession, "fact", apart=(SessionCorrection,)) + "))",
        Problem("id", "Le dossier s’appuie sur cette séance (une note, par exemple).", TIED),
    )
    only_one = """NOT EXISTS (
        SELECT 1 FROM operators_counsellingsession AS left_one WHERE left_one.pathway_id = way.id
            AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = left_one.uuid
                AND gone.problems IS NULL AND gone.status = 'GONE'))"""
    _refuse(
        f"{session} {only_one} AND {_others(Pathway, 'way', apart=(CounsellingSession,))}))",
        Problem("id", "C’est la seule séance d’un parcours qui contient autre chose.", TIED),
    )


def _check_appointments() -> None:
    appointment = """line.kind = 'RENDEZ_VOUS' AND EXISTS (
        SELECT 1 FROM operators_appointment AS fact
        JOIN operators_site AS site ON site.id = fact.site_id
        JOIN beneficiaries_beneficiary AS person ON person.id = fact.beneficiary_id
        LEFT JOIN delivery_freeze AS frozen ON frozen.contract_id = site.contract_id
        WHERE fact.uuid = line.target AND ("""
    _refuse(appointment + "lower(fact.period) AT TIME ZONE site.zone < frozen.open_on))", FROZEN)
    _refuse(appointment + "person.restricted_at IS NOT NULL))", _restricted())
    _refuse(
        appointment
        + """EXISTS (SELECT 1 FROM operators_counsellingsession AS held WHERE held.appointment_id = fact.id
            AND NOT EXISTS (SELECT 1 FROM delivery_line AS gone WHERE gone.target = held.uuid
                AND gone.problems IS NULL AND gone.status = 'GONE'))))""",
        Problem("id", "Une séance tient ce rendez-vous.", "Retirez aussi la séance, ou gardez les deux."),
    )
    _refuse(
        appointment + _others(Appointment, "fact", apart=(CounsellingSession,)) + "))",
        Problem("id", "Le dossier s’appuie sur ce rendez-vous.", TIED),
    )


def _check_closings() -> None:
    closing = """line.kind = 'CLOTURE' AND EXISTS (
        SELECT 1 FROM operators_pathway AS fact
        JOIN beneficiaries_beneficiary AS person ON person.id = fact.beneficiary_id
        LEFT JOIN delivery_freeze AS frozen ON frozen.contract_id = fact.contract_id
        WHERE fact.uuid = line.target AND ("""
    _refuse(closing + "fact.closed_at AT TIME ZONE 'Europe/Paris' < frozen.open_on))", FROZEN)
    _refuse(closing + "person.restricted_at IS NOT NULL))", _restricted())
    _refuse(
        "line.kind = 'CLOTURE' AND NOT EXISTS (SELECT 1 FROM operators_pathway AS fact WHERE"
        " fact.uuid = line.target AND fact.state = 'CLOSED' AND fact.joined_into_id IS NULL"
        " AND fact.outcome <> 'TRANSFERRED')",
        Problem("id", "Ce parcours n’est plus clos par cette ligne.", "Retirez la ligne du fichier."),
    )
    _refuse(
        closing
        + """EXISTS (SELECT 1 FROM operators_pathway AS other WHERE other.state = 'OPEN'
            AND other.beneficiary_id = fact.beneficiary_id AND other.contract_id = fact.contract_id)))""",
        Problem("id", "Un autre parcours de cette personne a commencé depuis.", TIED),
    )


def _refuse(where: str, problem: Problem) -> None:
    refuse(where, problem, among=GONE)


def _restricted() -> Problem:
    return Problem("id", "Cette personne a gelé son dossier : rien n’y change.", "Retirez la ligne.")


def _others(model: type[Model], name: str, *, apart: tuple[type[Model], ...]) -> str:
    """Whether any row of any table, those apart, points to the row `name`; found from the models."""
    told = []
    for relation in model._meta.related_objects:
        if relation.related_model in apart:
            continue
        if isinstance(relation, ManyToManyRel):
            table, column = relation.field.m2m_db_table(), relation.field.m2m_reverse_name()
        else:
            table, column = relation.related_model._meta.db_table, str(relation.field.column)
        told.append(f"EXISTS (SELECT 1 FROM {table} AS tied WHERE tied.{column} = {name}.id)")
    return f"({' OR '.join(told) or 'false'})"
