"""The patient and the results of the codes that are asked for, read with a token."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.smart.addresses import is_same_host, joined, with_query
from scoring.smart.authorization import Grant
from scoring.smart.fetching import Fetcher, Resource
from scoring.smart.trouble import SmartError, Trouble

_FHIR = "application/fhir+json"
_PAGE, _PAGES = 100, 10


@dataclass(frozen=True)
class Chart:
    """What was read; ``trouble`` says why the results were not."""

    patient: Resource
    observations: tuple[Resource, ...] = ()
    trouble: SmartError | None = None


def read(base: str, grant: Grant, codes: Iterable[str], fetcher: Fetcher) -> Chart:
    """The patient and, where they can be read, the results: system|code each.

    Raises SmartError where the patient can't be read.
    """
    base = base.rstrip("/")
    patient = fetcher.get(f"{base}/Patient/{grant.patient}", token=grant.token, accept=_FHIR)
    if (patient.get("resourceType"), patient.get("id")) != ("Patient", grant.patient):
        raise SmartError(Trouble.BAD_ANSWER, "another patient")
    if not grant.may_search:
        return Chart(patient, trouble=SmartError(Trouble.SCOPE_OBSERVATION))
    try:
        return Chart(patient, tuple(_observations(base, grant, codes, fetcher)))
    except SmartError as error:
        return Chart(patient, trouble=error)


def _observations(
    base: str, grant: Grant, codes: Iterable[str], fetcher: Fetcher
) -> Iterator[Resource]:
    """All pages: with one of them missing, the newest result could be missing."""
    asked = {
        "patient": grant.patient,
        "code": ",".join(codes),
        "_sort": "-date",
        "_count": str(_PAGE),
    }
    address = with_query(f"{base}/Observation", asked)
    for _page in range(_PAGES):
        page = fetcher.get(address, token=grant.token, accept=_FHIR)
        if page.get("resourceType") != "Bundle":
            raise SmartError(Trouble.BAD_ANSWER, "no Bundle")
        yield from _of_page(page)
        further = _next(page)
        if not further:
            return
        address = joined(address, further)
        if not is_same_host(base, address):
            raise SmartError(Trouble.OTHER_HOST)
    raise SmartError(Trouble.TOO_MANY_PAGES)


def _of_page(page: Resource) -> Iterator[Resource]:
    """The observations: a page may hold an OperationOutcome, too."""
    for entry in _objects(page.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, dict) and resource.get("resourceType") == "Observation":
            yield resource


def _next(page: Resource) -> str:
    found = (
        link.get("url") for link in _objects(page.get("link")) if link.get("relation") == "next"
    )
    address = next(found, "")
    return address if isinstance(address, str) else ""


def _objects(found: object) -> list[Resource]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
