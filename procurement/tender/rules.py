from datetime import date
from decimal import Decimal

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.wording.numbers import euros, percent


def can_read_markets(user: User) -> bool:
    return user.role in Role.of_france_competences


def reference_day(*, starts_on: date, ends_on: date, today: date) -> date:
    """The day whose holder a market shows: today while it runs, else its first or last day."""
    return min(max(today, starts_on), ends_on)


def clauses_in_words(params: dict) -> list[dict]:
    """The clauses of a rule set as sentences: {label, value} rows, only those that the rule set holds."""
    written = [
        ("Pénalité de retard", _late_penalty(params.get("late_penalty"))),
        ("Plafond", _cap(params.get("cap"))),
        ("Exonération", _exemption(params.get("exemption"))),
        ("Observations du titulaire", _hearing(params.get("hearing"))),
        ("Vérification des prestations", _verification(params.get("verification"))),
        ("Retour d’une personne", _reopening(params.get("reopening"))),
        ("Cible manquée", _missed_target(params.get("missed_target"))),
    ]
    return [{"label": label, "value": text} for label, text in written if text]


def reopening_days(params: dict) -> int | None:
    """How many days after its end a pathway goes on without a second entry; None: whenever one comes back.

    A silent rule set counts a person once: a second entry is paid only where the market says so.
    """
    clause = params.get("reopening")
    return int(clause["days"]) if clause else None


def _reopening(clause: dict | None) -> str:
    if not clause:
        return ""
    shown = " Délai de démonstration." if clause.get("demonstration") else ""
    return (
        f"Jusqu’à {clause['days']} jours après la fin d’un parcours, la personne qui revient le reprend,"
        f" sans nouvelle entrée ; au-delà, un nouveau parcours commence.{shown}"
    )


def _late_penalty(clause: dict | None) -> str:
    if not clause:
        return ""
    revision = "révisée comme les prix" if clause["revision"] else "sans révision de prix"
    return (
        f"Valeur hors taxes en retard × jours de retard ÷ {clause['divisor']}, {revision},"
        f" hors TVA (article {clause['ref']})."
    )


def _cap(clause: dict | None) -> str:
    if not clause:
        return ""
    share = percent(Decimal(clause["rate"]) * 100, 0)
    return f"{share} du montant hors taxes du contrat, de la tranche ou du bon (article {clause['ref']})."


def _exemption(clause: dict | None) -> str:
    if not clause:
        return ""
    amount = euros(Decimal(clause["amount"]), 0)
    return f"Rien n’est dû tant que le total du contrat ne dépasse pas {amount} HT (article {clause['ref']})."


def _hearing(clause: dict | None) -> str:
    if not clause:
        return ""
    return (
        f"{clause['days']} jours à compter de la réception de l’invitation, reportés au jour ouvré suivant"
        f" (article {clause['ref']})."
    )


def _verification(clause: dict | None) -> str:
    if not clause:
        return ""
    return f"{clause['days']} jours ; le silence de l’acheteur vaut admission."


def _missed_target(clause: dict | None) -> str:
    if not clause:
        return ""
    bands = ", ".join(
        f"{band['points']} si l’écart est inférieur à {band['shortfall_below'].replace('.', ',')}"
        for band in clause["bands"]
    )
    amount = euros(Decimal(clause["amount_per_point"]), 0)
    mark = " Barème de démonstration." if clause.get("demonstration") else ""
    return (
        f"Points selon l’écart à la cible : {bands}, {clause['beyond_points']} au-delà ;"
        f" × {clause['repeat_factor']} si le mois précédent était déjà manqué ; {amount} HT par point.{mark}"
    )
