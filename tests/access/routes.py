"""Every URL of the portal by name, with the declaration its view carries."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

LIBRARIES = ("allauth.",)


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    kwargs: tuple[str, ...]
    access: object  # PUBLIC, SIGNED_IN or the rule; None when nobody declared
    module: str

    @property
    def is_ours(self) -> bool:
        return not self.module.startswith(LIBRARIES)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, namespace: str, prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield Route(
                name=f"{namespace}{pattern.name}",
                path=path,
                kwargs=tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex),
                access=getattr(view, "access", None),
                module=getattr(view, "__module__", ""),
            )
