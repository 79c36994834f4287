"""Tables of deliveries as files that are filled in, mended and sent again."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header

from cep_portal.common.place import marked_name
from cep_portal.common.spreadsheets import inert, spreadsheet
from operators.exchange.deliveries.enums import FileFormat


def table_response(rows: Iterable[Sequence[str]], *, name: str, file_format: str) -> HttpResponse:
    """A CSV or XLSX download; the first row is the heading. No cell is computed by a spreadsheet."""
    table = iter(rows)
    heading = next(table)
    if file_format == FileFormat.XLSX:
        content: str | bytes = _workbook(heading, table)
    else:
        content = spreadsheet(heading, table)
    response = HttpResponse(content, content_type=FileFormat.media_types[file_format])
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}.{file_format}"
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _workbook(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 -- 20 MiB: only who writes one
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- as above

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(marked_name("remontée"))
    for place in range(1, len(heading) + 1):
        # Text, whatever is typed there: a spreadsheet would take the zeros of a number away.
        sheet.column_dimensions[get_column_letter(place)].number_format = "@"
    sheet.append(list(heading))
    for row in rows:
        sheet.append([inert(cell) for cell in row])
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()
