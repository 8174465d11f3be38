"""Every address of the site by its name."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns() -> dict[str, URLPattern]:
    """Every address of the site by its name."""
    return {str(pattern.name): pattern for pattern in _below(get_resolver())}


def _below(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry)
        else:
            yield entry
