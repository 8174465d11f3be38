"""Pages of a search."""

from collections.abc import Iterable, Mapping

from scoring.fhir.identity import Site
from scoring.fhir.resource import Resource, without_empty


def searchset(
    found: Iterable[Resource],
    site: Site,
    *,
    links: Mapping[str, str],
    total: int | None,
) -> Resource:
    """One page: the resources with their addresses, and the pages beside it.

    ``links`` by relation: "self", and "next" where there is more. ``total`` counts the resources on
    all pages; None where that is not counted.
    """
    page = without_empty(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": [{"relation": name, "url": url} for name, url in links.items()],
            "entry": [
                {"fullUrl": site.address(one), "resource": one, "search": {"mode": "match"}}
                for one in found
            ],
        }
    )
    return page if total is None else page | {"total": total}
