"""Each cell of a table says its column, so that a table stacked on a phone reads without its head."""

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

HEAD = re.compile(r"<thead.*?</thead>", re.DOTALL)
HEADER = re.compile(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", re.DOTALL)
HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.DOTALL)
OPENING = re.compile(r"<(tr|th|td)\b([^>]*)>")
SPAN = re.compile(r'\bcolspan="(\d+)"')


def labelled(content: str) -> SafeString:
    """The rows with `data-label` on each data cell whose column has a visible head; its own label stays.

    A head of several rows speaks by its last one. The content is the output of a template: already escaped.
    """
    head = HEAD.search(content)
    if head is None:
        return SafeString(content)
    labels = _labels(head[0].rpartition("<tr")[2])
    return SafeString(content[: head.end()] + _with_labels(content[head.end() :], labels))


def _labels(row: str) -> list[str]:
    labels: list[str] = []
    for attributes, inside in HEADER.findall(row):
        seen = strip_tags(HIDDEN.sub("", inside)).strip()
        words = " ".join(strip_tags(inside).split()) if seen else ""
        labels.extend([words] * _width(attributes))
    return labels


def _width(attributes: str) -> int:
    span = SPAN.search(attributes)
    return int(span[1]) if span else 1


def _with_labels(rows: str, labels: list[str]) -> str:
    column = 0

    def opened(tag: re.Match[str]) -> str:
        nonlocal column
        name, attributes = tag.groups()
        if name == "tr":
            column = 0
            return tag[0]
        width, label = _width(attributes), labels[column] if column < len(labels) else ""
        column += width
        if name == "th" or width > 1 or not label or "data-label=" in attributes:
            return tag[0]
        return f'<td{attributes} data-label="{label}">'

    return OPENING.sub(opened, rows)
