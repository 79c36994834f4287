"""The charts of the design system: pictures made on the server (cep_portal/common/charts)."""

from typing import Any

from django import template

register = template.Library()


def _chart(
    kind: str, chart: Any, address: str | None, *, show_table: bool, data: str | None = None
) -> dict[str, Any]:
    """`address`: the query that shows the chart again; without it, neither permanent link nor image.

    `data`: the id of a table of the page that holds the values of several charts, instead of one each.
    """
    svg = f"components/charts/{kind}.svg"
    return {"chart": chart, "svg": svg, "show_table": show_table, "address": address, "data": data}


@register.inclusion_tag("components/charts/figure.html")
def ui_line_chart(
    *, chart: Any, show_table: bool = False, address: str | None = None, data: str | None = None
) -> dict[str, Any]:
    return _chart("line", chart, address, show_table=show_table, data=data)


@register.inclusion_tag("components/charts/figure.html")
def ui_bar_chart(*, chart: Any, show_table: bool = False, address: str | None = None) -> dict[str, Any]:
    return _chart("bar", chart, address, show_table=show_table)


@register.inclusion_tag("components/charts/figure.html")
def ui_small_multiples(*, chart: Any, show_table: bool = False, address: str | None = None) -> dict[str, Any]:
    return _chart("small_multiples", chart, address, show_table=show_table)


@register.inclusion_tag("components/charts/figure.html")
def ui_france_map(
    *, chart: Any, show_table: bool = False, address: str | None = None, data: str | None = None
) -> dict[str, Any]:
    return _chart("france_map", chart, address, show_table=show_table, data=data)
