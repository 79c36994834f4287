"""The components page and its document show each component in every state: the lists are read, not kept."""

import inspect
import re
from pathlib import Path

import pytest
from django.urls import reverse

from cep_portal.common.templatetags import charts as chart_tags
from cep_portal.common.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "templates/components"

# What a page of samples cannot hold, and why.
ELSEWHERE = {
    "components/charts/file.svg": "a file that is downloaded, drawn from the same pictures",
    "components/confirmation.html": "holds the heading of its page; its look is shown without it",
    "components/demo_outbox.html": "a link of the demonstration's own banner",
    "components/refresh.html": "a tag of the head: the page would reload under its reader",
    "components/training_banner.html": "stands above the head, in the training place alone",
}


@pytest.fixture
def shown(client):
    return client.get(reverse("common:components"))


@pytest.mark.django_db
def test_each_component_is_shown(shown):
    drawn = {template.name for template in shown.templates if template.name}
    files = {str(path.relative_to(ROOT / "templates")) for path in COMPONENTS.rglob("*.*")}

    assert sorted(files - drawn - set(ELSEWHERE)) == []
    assert sorted(set(ELSEWHERE) - files) == []


STATES = [
    *(f'class="badge badge-{kind}"' for kind in ui.BADGE_KINDS),
    *(f"notice-{kind}" for kind in ui.NOTICE_KINDS),
    *(f"button-{kind}" for kind in ui.BUTTON_KINDS),
    *(f"progress-{state}" for state in ui.PROGRESS_STATES if state != "running"),
    *(f"field-{width}" for width in ui.FIELD_WIDTHS),
    'aria-sort="ascending"',
    "aria-current",
    "pas de donnée",
    "has-error",
    "field-optional",
    "choice-hint",
    "pagination-gap",
    'class="hung"',
    'class="reference',
    "<tfoot>",
    "tasks is-late",
    "to-do-group",
    "hours-free",
    "hours-closed",
    "hours-now",
    "data-dialog",
    "Ce que quelqu’un d’autre vient d’enregistrer",
    "comme je l’ai écrite",
    'role="status"',
    "nav-count",
]


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_shown(shown, state):
    assert state in shown.text


def test_each_tag_is_described_with_its_props():
    text = (ROOT / "docs/design-system.md").read_text()
    rows = {row.split("`")[1].split()[0]: row for row in re.findall(r"^\| `ui_.*$", text, re.MULTILINE)}
    charts = set(chart_tags.register.tags)
    tags = {name for name in ui.register.tags if name.startswith("ui_")}

    assert sorted(tags - set(rows)) == []
    assert sorted(set(rows) - tags) == []
    assert sorted(name for name in charts if name not in text) == []
    missing = {
        name: lost
        for name in tags
        if (lost := [prop for prop in props(name) if f"`{prop}" not in rows[name]])
    }
    assert missing == {}


def props(name: str) -> list[str]:
    """The keywords that a tag declares."""
    signature = inspect.signature(inspect.unwrap(getattr(ui, name)))
    return [key for key, prop in signature.parameters.items() if prop.kind is inspect.Parameter.KEYWORD_ONLY]
