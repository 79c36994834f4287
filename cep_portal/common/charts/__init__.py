"""Pictures made on the server: pure functions that return frozen drawings.

The templates under components/charts only place what is computed here, so a
page and a PDF show the same picture and the same table.
"""

from cep_portal.common.charts.axis import Axis, months, periods, year_months
from cep_portal.common.charts.bar import BarChart, bar_chart
from cep_portal.common.charts.france import FranceMap, france_map
from cep_portal.common.charts.image import asked_image
from cep_portal.common.charts.line import Doubt, LineChart, Series, line_chart
from cep_portal.common.charts.panels import SmallMultiples, small_multiples
from cep_portal.common.charts.values import TOO_FEW, DataTable, Measure

__all__ = [
    "TOO_FEW",
    "Axis",
    "BarChart",
    "DataTable",
    "Doubt",
    "FranceMap",
    "LineChart",
    "Measure",
    "Series",
    "SmallMultiples",
    "asked_image",
    "bar_chart",
    "france_map",
    "line_chart",
    "months",
    "periods",
    "small_multiples",
    "year_months",
]
