"""The components of the design system, one tag each (docs/design-system.md).

Every prop is a keyword with a declared name: Django refuses an unknown or a
missing one when it compiles the template.
"""

from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string

from cep_portal.common import form_fields, hour_grid, phones
from cep_portal.common.navigation import person_url
from cep_portal.common.page_titles import titled
from cep_portal.common.table_labels import labelled
from cep_portal.common.to_do import ToDo

register = template.Library()

BADGE_KINDS = ("neutral", "info", "success", "warning", "error")
NOTICE_KINDS = ("info", "success", "warning", "error")
BUTTON_KINDS = ("primary", "secondary", "quiet", "danger")
PROGRESS_STATES = ("running", "done", "failed")
FIELD_WIDTHS = ("short", "medium", "long", "full")
NEUTRAL_SITE = "https://fr.wikipedia.org/"


def _check(prop: Any, value: Any, allowed: Any) -> None:
    if value not in allowed:
        raise TypeError(f"{prop}={value!r}: one of {', '.join(allowed)} expected")


def _filled(item: Any, **defaults: Any) -> dict[str, Any]:
    """A mapping with its optional keys present: an undefined variable is an error in tests."""
    return {**defaults, **item}


def _pairs(flat: Any) -> Any:
    """("Accueil", "/", "Agenda") -> [("Accueil", "/"), ("Agenda", None)]."""
    flat = list(flat)
    if len(flat) % 2:
        flat.append(None)
    return list(zip(flat[::2], flat[1::2], strict=True))


def _query_url(context: Any, **changes: Any) -> str:
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


# Where am I


@register.inclusion_tag("components/nav.html")
def ui_nav(*, items: Any, label: str = "Navigation principale") -> dict[str, Any]:
    return {"items": [_filled(item, count=None) for item in items], "label": label}


@register.inclusion_tag("components/breadcrumb.html")
def ui_breadcrumb(*labels_and_urls: Any) -> dict[str, Any]:
    return {"crumbs": _pairs(labels_and_urls)}


@register.inclusion_tag("components/steps.html")
def ui_steps(*labels: Any, current: Any) -> dict[str, Any]:
    if not 1 <= current <= len(labels):
        raise TypeError(f"current={current}: between 1 and {len(labels)} expected")
    return {"labels": labels, "current": current, "current_label": labels[current - 1]}


@register.inclusion_tag("components/tabs.html")
def ui_tabs(*, label: str, items: Any) -> dict[str, Any]:
    return {"label": label, "items": [_filled(item, count=None) for item in items]}


@register.inclusion_tag("components/filters.html")
def ui_filters(*, groups: Any, label: str = "Filtrer") -> dict[str, Any]:
    filled = [
        {"label": group["label"], "items": [_filled(item, count=None) for item in group["items"]]}
        for group in groups
    ]
    return {"groups": filled, "label": label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def ui_pagination(context: Any, *, page: Any, param: str = "page") -> dict[str, Any]:
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"number": n, "url": _query_url(context, **{param: n}) if isinstance(n, int) else None}
        for n in numbers
    ]
    before = page.has_previous() and _query_url(context, **{param: page.number - 1})
    after = page.has_next() and _query_url(context, **{param: page.number + 1})
    return {"page": page, "links": links, "before": before, "after": after}


# Forms


@register.inclusion_tag("components/error_summary.html")
def ui_error_summary(*, form: Any) -> dict[str, Any]:
    return {"errors": form_fields.summary(form)}


@register.inclusion_tag("components/late.html")
def ui_late(*, late: bool) -> dict[str, Any]:
    return {"late": late}


@register.inclusion_tag("components/version.html")
def ui_version(*, form: Any) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("components/field.html")
def ui_field(
    *,
    field: Any,
    label: str | None = None,
    hint: Any = None,
    autocomplete: Any = None,
    width: str = "full",
    choice_hints: Any = None,
) -> dict[str, Any]:
    _check("width", width, FIELD_WIDTHS)
    return {
        "field": form_fields.describe(
            field,
            label=label,
            hint=hint,
            autocomplete=autocomplete,
            choice_hints=choice_hints or {},
        ),
        "width": width,
    }


@register.inclusion_tag("components/fields.html")
def ui_fields(*, form: Any) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("components/button.html")
def ui_button(
    *, label: str, kind: str = "primary", name: str | None = None, value: Any | None = None, form: Any = None
) -> dict[str, Any]:
    _check("kind", kind, BUTTON_KINDS)
    return {"label": label, "kind": kind, "name": name, "value": value, "form_id": form}


@register.inclusion_tag("components/button_link.html")
def ui_button_link(*, label: str, url: str, kind: str = "primary", download: bool = False) -> dict[str, Any]:
    _check("kind", kind, BUTTON_KINDS)
    return {"label": label, "url": url, "kind": kind, "download": download}


@register.inclusion_tag("components/choice_cards.html")
def ui_choice_cards(*, items: Any) -> dict[str, Any]:
    return {"items": [_filled(item, text="") for item in items]}


# What it says


@register.inclusion_tag("components/badge.html")
def ui_badge(*, label: str, kind: str = "neutral") -> dict[str, Any]:
    _check("kind", kind, BADGE_KINDS)
    return {"label": label, "kind": kind}


@register.inclusion_tag("components/empty_state.html")
def ui_empty_state(
    *, title: str, text: str = "", action_label: Any = None, action_url: Any = None
) -> dict[str, Any]:
    return {
        "title": title,
        "text": text,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("components/to_do.html")
def ui_to_do(*, to_do: ToDo, today: date, level: int = 2) -> dict[str, Any]:
    _check("level", level, (2, 3))
    return {"to_do": to_do, "today": today, "level": level}


@register.inclusion_tag("components/person.html", takes_context=True)
def ui_person(context: Any, *, person: Any, name: str = "") -> dict[str, Any]:
    """A name always opens the file, for who may read it; `person` may be None beside a `name` alone."""
    user = getattr(context.get("request"), "user", None)
    url = person_url(person.uuid, role=getattr(user, "role", None)) if person else ""
    return {"name": name or person.full_name, "url": url}


@register.inclusion_tag("components/email.html")
def ui_email(*, address: str) -> dict[str, Any]:
    return {"address": address}


@register.inclusion_tag("components/kpi.html")
def ui_kpi(
    *,
    label: str,
    value: Any,
    unit: str = "",
    period: str = "",
    delta: Any = None,
    explanation_url: Any = None,
) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "period": period,
        "delta": delta,
        "explanation_url": explanation_url,
    }


@register.inclusion_tag("components/summary_list.html")
def ui_summary_list(*, items: Any) -> dict[str, Any]:
    return {"items": [_filled(item, change_url=None) for item in items]}


@register.inclusion_tag("components/summary_row.html")
def ui_summary_row(*, label: str, value: Any, change_url: Any = None) -> dict[str, Any]:
    return {"label": label, "value": value, "change_url": change_url}


@register.inclusion_tag("components/phone.html")
def ui_phone(*, number: Any, label: str = "Par téléphone", hours: str = "") -> dict[str, Any]:
    return {"number": number, "label": label, "hours": hours, "dial": phones.dialled(number)}


@register.inclusion_tag("components/dial.html")
def ui_dial(*, number: str) -> dict[str, Any]:
    return {"number": phones.phone(number) if number else "", "dial": phones.dialled(number)}


@register.inclusion_tag("components/leave.html")
def ui_leave(*, url: str = NEUTRAL_SITE) -> dict[str, Any]:
    return {"url": url}


@register.inclusion_tag("components/progress.html")
def ui_progress(
    *, title: str, status_url: Any, text: str = "", state: str = "running", percent: Any = None
) -> dict[str, Any]:
    _check("state", state, PROGRESS_STATES)
    return {
        "title": title,
        "status_url": status_url,
        "text": text,
        "state": state,
        "percent": percent,
    }


@register.inclusion_tag("components/refresh.html")
def ui_refresh(*, seconds: int = 5) -> dict[str, Any]:
    return {"seconds": seconds}


@register.inclusion_tag("components/menu.html")
def ui_menu(*, label: str, items: Any) -> dict[str, Any]:
    return {"label": label, "items": items}


# Time and tables


@register.inclusion_tag("components/slot_list.html")
def ui_slot_list(*, days: Any, name: str | None = None) -> dict[str, Any]:
    filled = [
        {"label": day["label"], "slots": [_filled(slot, detail="") for slot in day["slots"]]} for day in days
    ]
    return {"days": filled, "name": name}


@register.inclusion_tag("components/agenda.html")
def ui_agenda(*, days: Any) -> dict[str, Any]:
    optional = {"end": "", "url": None, "detail": "", "badge": "", "badge_kind": "neutral", "links": ()}
    filled = [
        {
            "label": day["label"],
            "note": day.get("note", ""),
            "entries": [_filled(one, **optional) for one in day["entries"]],
        }
        for day in days
    ]
    return {"days": filled}


@register.inclusion_tag("components/hours.html")
def ui_hours(*, label: str, days: Any, now: int | None = None) -> dict[str, Any]:
    empty = {"note": "", "entries": (), "free": (), "closed": (), "open": (), "is_today": False}
    optional = {"url": None, "detail": "", "badge": "", "badge_kind": "neutral", "links": (), "kind": "entry"}
    kinds = ("entries", "free", "closed")
    filled = [
        _filled(day, **empty)
        | {kind: [_filled(line, **optional) for line in day.get(kind, ())] for kind in kinds}
        for day in days
    ]
    # An absence may last the whole day: it is cut to the hours shown.
    shown = [line["span"] for day in filled for line in day["entries"] if line["kind"] == "entry"]
    frame = hour_grid.frame_of([*shown, *(span for day in filled for span in day["open"])])
    return {"label": label, "frame": frame, "days": hour_grid.laid_out(filled, frame=frame, now=now)}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def ui_sort_header(
    context: Any, *, label: str, field: Any, default: str = "", numeric: bool = False, param: str = "tri"
) -> dict[str, Any]:
    sort = context["request"].GET.get(param, default)
    direction = {field: "ascending", f"-{field}": "descending"}.get(sort)
    target = f"-{field}" if direction == "ascending" else field
    return {
        "label": label,
        "direction": direction,
        "numeric": numeric,
        "url": _query_url(context, **{param: target, "page": None}),
    }


# Components that hold other content


@register.simple_block_tag
def ui_page(content: Any) -> str:
    """The whole document of base.html: its title is its main heading."""
    return titled(content)


@register.simple_block_tag
def ui_notice(content: Any, *, kind: str = "info", title: str = "") -> str:
    _check("kind", kind, NOTICE_KINDS)
    return render_to_string("components/notice.html", {"content": content, "kind": kind, "title": title})


@register.simple_block_tag
def ui_dialog(content: Any, *, label: str, title: str, kind: str = "secondary") -> str:
    _check("kind", kind, BUTTON_KINDS)
    return render_to_string(
        "components/dialog.html",
        {"content": content, "label": label, "title": title, "kind": kind},
    )


@register.simple_block_tag
def ui_card(content: Any, *, title: str = "", level: int = 2) -> str:
    return render_to_string("components/card.html", {"content": content, "title": title, "level": level})


@register.simple_block_tag
def ui_confirmation(
    content: Any, *, title: str, reference: str | None = None, reference_label: str = "Votre référence"
) -> str:
    return render_to_string(
        "components/confirmation.html",
        {"content": content, "title": title, "reference": reference, "reference_label": reference_label},
    )


@register.simple_block_tag
def ui_table(content: Any, *, caption: str, hide_caption: bool = False) -> str:
    return render_to_string(
        "components/table.html",
        {"content": labelled(content), "caption": caption, "hide_caption": hide_caption},
    )
