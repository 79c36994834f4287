import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection, models, transaction

from cep_portal.territories.enums import PlaceKind
from cep_portal.territories.models import (
    Commune,
    CommunePostcode,
    Department,
    EmployedPopulation,
    PlaceName,
    PublicHoliday,
    Region,
)
from cep_portal.territories.rules import fold_name, read_place

DATA = Path(__file__).parent / "data"
KINDS = {
    "deleguee": PlaceKind.DELEGATED,
    "associee": PlaceKind.ASSOCIATED,
    "arrondissement-municipal": PlaceKind.MUNICIPAL,
}


@transaction.atomic
def load_territories(*, folder: Path = DATA) -> dict[str, int]:
    """Load or refresh the reference data of a folder of CSV files: communes and their other names, holidays…

    `data/` holds those of France; the training place has an invented region, with the holidays of France.
    Safe to run again: rows are updated where they differ, none that a request may point at is deleted.
    Returns the number of rows read by file.
    """
    departments = _rows("departments", folder)
    communes = _rows("communes", folder)
    return {
        "regions": _upsert(Region, _regions(_rows("regions", folder)), key=["code"]),
        "departments": _upsert(Department, _departments(departments), key=["code"]),
        "communes": _upsert(Commune, _communes(communes), key=["code"]),
        "postcodes": _replace(CommunePostcode, _postcodes(communes), key=["commune", "postcode"]),
        "place_names": _replace(PlaceName, _place_names(folder), key=["commune", "name", "kind"]),
        "holidays": _replace(
            PublicHoliday,
            _holidays([row["code"] for row in departments]),
            key=["department", "day"],
        ),
        "employed_population": _upsert(
            EmployedPopulation, _employment(_rows("employed_population", folder)), key=["region", "year"]
        ),
    }


def _rows(name: str, folder: Path = DATA, *, is_optional: bool = False) -> list[dict[str, str]]:
    if is_optional and not (folder / f"{name}.csv").exists():
        return []
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _typographic(name: str) -> str:
    return name.replace("'", "’")


def _regions(rows: list[dict[str, str]]) -> Iterator[dict]:
    for row in rows:
        yield {
            "code": row["insee_code"],
            "name": _typographic(row["name"]),
            "population": row["population"],
            "zone": row["timezone"],
        }


def _departments(rows: list[dict[str, str]]) -> Iterator[dict]:
    for row in rows:
        yield {
            "code": row["code"],
            "name": _typographic(row["name"]),
            "region": row["region"],
            "zone": row["timezone"],
        }


def _communes(rows: list[dict[str, str]]) -> Iterator[dict]:
    for row in rows:
        yield {
            "code": row["insee_code"],
            "name": _typographic(row["name"]),
            "search_name": fold_name(row["name"]),
            "department": row["department"],
            "population": row["population"],
            "longitude": row["lon"],
            "latitude": row["lat"],
        }


def _postcodes(rows: list[dict[str, str]]) -> Iterator[dict]:
    for row in rows:
        for postcode in row["postal_codes"].split("|"):
            yield {"commune": row["insee_code"], "postcode": postcode}


def _place_names(folder: Path) -> Iterator[dict]:
    """None in a folder that has no such files: the invented region of the training place."""
    for row in _rows("communes_former", folder, is_optional=True):
        yield _place_name(row["name"], row["commune"], KINDS[row["kind"]])
    for row in _rows("districts", folder, is_optional=True):
        for commune in row["communes"].split("|"):
            yield _place_name(row["name"], commune, PlaceKind.DISTRICT)


def _place_name(name: str, commune: str, kind: PlaceKind) -> dict:
    """An arrondissement is searched as « lyon 3 », however it is said."""
    search_name = fold_name(name)
    if kind == PlaceKind.MUNICIPAL:
        typed = read_place(name)
        search_name = f"{typed.words} {typed.district}"
    return {"commune": commune, "name": _typographic(name), "search_name": search_name, "kind": kind.value}


def _holidays(departments: list[str]) -> Iterator[dict]:
    """Each day once a department: Alsace-Moselle and overseas have their own (data/README.md)."""
    for row in _rows("public_holidays"):
        listed = row["departments"].split("|")
        for code in (
            departments
            if listed == ["ALL"]
            else [department for department in departments if department in listed]
        ):
            yield {
                "department": code,
                "day": row["date"],
                "name": _typographic(row["name"]),
                "is_legal": row["kind"] == "legal",
            }


def _employment(rows: list[dict[str, str]]) -> Iterator[dict]:
    for row in rows:
        yield {name: value or None for name, value in row.items()}


def _upsert(model: type[models.Model], rows: Iterable[dict], *, key: list[str]) -> int:
    """Insert what is new, update what differs, by COPY: 35,000 communes take under a second."""
    table, columns, count = _stage(model, rows)
    keys = ", ".join(_columns(model, key))
    changed = [name for name in columns if name not in _columns(model, key)]
    update = (
        f"UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in changed)}"
        f" WHERE ({', '.join(f'{table}.{name}' for name in changed)})"
        f" IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in changed)})"
        if changed
        else "NOTHING"
    )
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM staged"  # noqa: S608 -- our own table and column names
            f" ON CONFLICT ({keys}) DO {update}"
        )
        cursor.execute(f"ANALYZE {table}")
    return count


def _replace(model: type[models.Model], rows: Iterable[dict], *, key: list[str]) -> int:
    """As `_upsert`, and delete the rows that the file no longer has: nothing points at them."""
    rows = list(rows)
    if not rows:
        models.QuerySet(model).delete()
        return 0
    count = _upsert(model, rows, key=key)
    table = model._meta.db_table
    same = " AND ".join(f"staged.{name} = {table}.{name}" for name in _columns(model, key))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM staged WHERE {same})"  # noqa: S608 -- our own names
        )
    return count


def _stage(model: type[models.Model], rows: Iterable[dict]) -> tuple[str, list[str], int]:
    rows = list(rows)
    columns = _columns(model, rows[0])
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged")
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608 -- our own names
        )
        with cursor.copy(f"COPY staged ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
        cursor.execute("ANALYZE staged")
    return table, columns, len(rows)


def _columns(model: type[models.Model], names: Iterable[str]) -> list[str]:
    fields = {field.name: field.column for field in model._meta.concrete_fields}
    return [str(fields[name]) for name in names]
