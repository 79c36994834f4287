"""Numbers that a spreadsheet changed: leading zeros lost, capitals lost, digits rounded to zeros."""

from operators.exchange.deliveries.rules.cells import KEPT_DIGITS, LONG_NUMBER, ROUNDED_NUMBER, TEXT_COLUMN
from operators.exchange.deliveries.services.judging import refuse_with
from operators.exchange.deliveries.services.staging import rows, run

# Column of the staging table, the column of the format, and what it names; None: the kind of the line.
NUMBERS = (
    ("external_id", "id", None),
    ("person", "personne", "PERSONNE"),
    ("pathway", "parcours", "PARCOURS"),
    ("request", "demande", "DEMANDE"),
    ("appointment", "rendez_vous", "RENDEZ_VOUS"),
)
PLAIN = "ltrim(lower({number}), '0')"  # what is left of a number when zeros and capitals are lost
READ = "line.problems IS NULL AND line.status IN ('NEW', 'CHANGED')"


def check_numbers(params: dict, *, is_csv: bool) -> None:
    """Ask before a number that looks like another one is taken for a new one.

    A text of 16 digits or more may well end with zeros: a CSV is doubted only when none of a column does not.
    """
    _list_new_numbers(params)
    if is_csv:
        _refuse_rounded()
    _refuse_lookalikes(params)


def _list_new_numbers(params: dict) -> None:
    """`delivery_number`: each number that names nothing known, and its first line."""
    named = " UNION ALL ".join(
        f"SELECT {_kind(kind)} AS kind, line.{column} AS number, line.line"
        f" FROM delivery_line AS line WHERE {READ} AND line.{column} IS NOT NULL"
        for column, _, kind in NUMBERS
    )
    run(
        f"""
        CREATE TEMPORARY TABLE delivery_number ON COMMIT DROP AS
        SELECT named.kind, named.number, min(named.line) AS line,
            {PLAIN.format(number="named.number")} AS plain
        FROM ({named}) AS named
        LEFT JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
            AND known.kind = named.kind AND known.external_id = named.number
        WHERE known.id IS NULL
        GROUP BY named.kind, named.number
        """,
        params,
    )
    run("ANALYZE delivery_number")


def _kind(kind: str | None) -> str:
    return "line.kind" if kind is None else f"'{kind}'"


def _refuse_rounded() -> None:
    odd = f"""
        SELECT kind, number, number AS other FROM (
            SELECT kind, number, bool_and(number ~ '{ROUNDED_NUMBER}') OVER (PARTITION BY kind) AS is_rounded
            FROM delivery_number WHERE number ~ '{LONG_NUMBER}'
        ) AS long WHERE is_rounded"""
    what = f"Ce numéro de plus de {KEPT_DIGITS} chiffres finit par des zéros : le tableur l’a arrondi"
    _refuse_each(
        odd, f"'{what} : ' || odd.number || '.'", f"{TEXT_COLUMN} Sinon, envoyez un XLSX en Texte.", {}
    )


def _refuse_lookalikes(params: dict) -> None:
    """Against what is known, then against the lines before."""
    plain = PLAIN.format(number="known.external_id")
    odd = f"""
        SELECT named.kind, named.number, known.external_id AS other
        FROM delivery_number AS named
        JOIN operators_externalkey AS known ON known.organisation_id = %(organisation)s
            AND known.kind = named.kind AND {plain} = named.plain AND known.external_id <> named.number
        UNION
        SELECT kind, number, other FROM (
            SELECT kind, number,
                first_value(number) OVER (PARTITION BY kind, plain ORDER BY line, number) AS other
            FROM delivery_number
        ) AS sent WHERE other <> number"""
    how = f"{TEXT_COLUMN} Si ce sont bien deux numéros, écrivez {{other}} dans distinct_de."
    what = "'« ' || odd.number || ' » ressemble à votre n° ' || odd.other || ' : est-ce le même ?'"
    _refuse_each(odd, what, how, params)


def _refuse_each(odd: str, what: str, how: str, params: dict) -> None:
    run(f"CREATE TEMPORARY TABLE delivery_odd ON COMMIT DROP AS {odd}", params)
    if rows("SELECT 1 FROM delivery_odd LIMIT 1"):
        for column, field, kind in NUMBERS:
            refuse_with(
                f"""
                SELECT DISTINCT ON (line.line) line.line, {what} AS what, odd.other
                FROM delivery_line AS line JOIN delivery_odd AS odd
                    ON odd.number = line.{column} AND odd.kind = {_kind(kind)}
                WHERE {READ} AND line.distinct_of IS DISTINCT FROM odd.other
                ORDER BY line.line, odd.other
                """,
                field=field,
                how=how,
                params={},
            )
    run("DROP TABLE delivery_odd")
