"""The description as pages: what a person reads of it, family by family."""

import json
from collections.abc import Iterator

from operators.exchange.software.api.description import TAGS, described
from operators.exchange.software.api.operations import RATE

KINDS = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "oui ou non",
    "array": "liste",
    "object": "objet",
}
FORMATS = {"uuid": "identifiant", "date-time": "instant", "date": "jour", "uri": "adresse"}


def families() -> list[dict]:
    """Each family with its operations, one line each."""
    return [
        {"slug": slug, "name": name, "text": text, "operations": list(_operations(slug))}
        for slug, (name, text) in TAGS.items()
    ]


def family(slug: str) -> dict:
    name, text = TAGS[slug]
    return {"slug": slug, "name": name, "text": text, "operations": list(_operations(slug))}


def _operations(slug: str) -> Iterator[dict]:
    for address, by_method in described()["paths"].items():
        for method, one in by_method.items():
            if slug in one["tags"]:
                yield _operation(method.upper(), address, one)


def _operation(method: str, address: str, one: dict) -> dict:
    answers = list(one["responses"].items())
    sent = one.get("requestBody", {}).get("content", {})
    first: dict = next(iter(sent.values()), {})
    return {
        "method": method,
        "address": address,
        "anchor": one["operationId"],
        "summary": one["summary"],
        "text": _plain(one["description"]),
        "rate": one[RATE],
        "parameters": [_parameter(each) for each in one.get("parameters", [])],
        "media_types": list(sent),
        "fields": list(_fields(first.get("schema", {}))),
        "example": _example(first),
        "answers": [_answer(code, answer) for code, answer in answers if code < "400"],
        "refusals": [f"{code} {answer['description'].lower()}" for code, answer in answers if code >= "400"],
    }


def _parameter(one: dict) -> dict:
    return {
        "name": one["name"],
        "is_needed": one.get("required", False),
        "kind": _kind(one["schema"]),
        "text": _plain(one.get("description", "")),
    }


def _answer(code: str, one: dict) -> dict:
    content = one.get("content", {}).get("application/json", {})
    return {"code": code, "text": one["description"], "example": _example(content)}


def _example(content: dict) -> str:
    example = next(iter(content.get("examples", {}).values()), None)
    return json.dumps(example["value"], ensure_ascii=False, indent=2) if example else ""


def _fields(schema: dict, path: str = "") -> Iterator[dict]:
    """« person.email » for what is nested."""
    whole = _resolved(schema)
    for name, one in whole.get("properties", {}).items():
        inner = _resolved(one)
        if inner.get("properties"):
            yield from _fields(inner, f"{path}{name}.")
        else:
            yield {
                "name": f"{path}{name}",
                "is_needed": name in whole.get("required", []),
                "kind": _kind(inner),
                "text": _plain(one.get("description", inner.get("description", ""))),
            }


def _plain(text: str) -> str:
    """Without the marks of Markdown, nor the words of codes: those are in the reference lists."""
    return text.partition("* `")[0].replace("`", "").strip()


def _resolved(schema: dict) -> dict:
    """What a reference names; drf-spectacular writes what is said beside it as an « allOf » of one."""
    for part in schema.get("allOf", []):
        schema = _resolved(part) | {name: value for name, value in schema.items() if name != "allOf"}
    name = schema.get("$ref", "").rpartition("/")[2]
    return described()["components"]["schemas"][name] if name else schema


def _kind(schema: dict) -> str:
    """« texte », « instant », « ONE, TWO » or « liste : TRAINING, … »."""
    whole = _resolved(schema)
    if "enum" in whole:
        return ", ".join(str(value) for value in whole["enum"] if value not in ("", None))
    kinds = whole.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")
    if kind == "array":
        return f"liste : {_kind(whole['items'])}"
    return FORMATS.get(whole.get("format", ""), KINDS[kind])
