"""Search parameters of FHIR, read strictly: a filter that is not understood is refused.

To leave one out would find more than was asked for.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.entry.folding import normalised_hospital_number
from scoring.fhir.identity import Site
from scoring.http.problems import Problem
from scoring.models import Assessment
from scoring.queries.exchange import Asked
from scoring.queries.keyset import Cursor

_T = TypeVar("_T")
MOST_ROWS, USUAL_ROWS = 50, 20
# Of the page, and of the form of the answer: not of what is found.
_OF_VERSIONS = {"DocumentReference", "Provenance"}
_FORM = "application/x-www-form-urlencoded"
_TARGET = re.compile(r"RiskAssessment/([0-9a-fA-F-]{36})(?:/_history/([0-9]{1,6}))?", re.ASCII)
_OF_ANSWER = {"_count", "_cursor", "_skip", "_format"}
# They stand in links to the next page, and are for nobody to write.
_OF_LINKS = {"_cursor", "_skip"}
_REPORT = re.compile(r"RBP-([0-9]{4})-([0-9]{1,9})")
_MOMENT = re.compile(
    r"(?P<prefix>eq|gt|ge|lt|le)?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?P<time>T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.(?P<part>[0-9]{1,6}))?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)


@dataclass(frozen=True)
class Search:
    """What is asked for, and which page of it.

    ``size`` counts resources. The first ``skip`` of the page's first row were on the page before.
    """

    size: int
    before: Cursor | None
    skip: int
    asked: Asked


def search(request: HttpRequest, site: Site, kind: str, names: Iterable[str]) -> Search:
    """The search for versions of assessments by parameters of these names.

    Documents and provenances have the ids of versions, and there is one of each. Raises Problem:
    400.
    """
    sent, is_of_version = request.GET, kind in _OF_VERSIONS
    _check_names(sent, names)
    asked = Asked(is_every=is_of_version)
    for name in sent:
        if name in _OF_ANSWER:
            continue
        if name == "_lastUpdated":
            asked = replace(asked, changed=tuple(_moments(sent.getlist(name))))
        else:
            _check_once(sent, name)
            reader = _by_version if is_of_version and name == "_id" else _READERS[name]
            asked = reader(asked, sent[name], site)
    return Search(_size(sent), _before(sent), _skip(sent), asked)


def take_form(request: HttpRequest) -> None:
    """Read the parameters of a search by POST, too: they stand in no address, and in no log.

    Raises Problem: 415.
    """
    if request.content_type != _FORM:
        said = _("Send the parameters of a search by POST as %(kind)s.") % {"kind": _FORM}
        raise Problem(415, "content_type", said, headers={"Accept-Post": _FORM})
    sent = request.GET.copy()
    sent.update(request.POST)
    request.GET = sent  # type: ignore[assignment]  # the stubs know no QueryDict that was changed


def identifiers(request: HttpRequest, name: str, system: str) -> frozenset[str] | None:
    """The values of a token parameter, of one system or of none; None where it is not sent."""
    if name not in request.GET:
        return None
    _check_once(request.GET, name)
    return _tokens(request.GET[name], system, name)


def check_names(request: HttpRequest, names: Iterable[str]) -> None:
    """Refuse parameters of other names. Raises Problem: 400."""
    _check_names(request.GET, names)


def sought(request: HttpRequest) -> dict[str, str]:
    """The parameters that were sent, for the access log."""
    sent = request.GET
    # No database takes a null character.
    return {
        name: " ".join(sent.getlist(name)).replace("\0", "")
        for name in sent
        if name not in _OF_ANSWER
    }


def pages(
    request: HttpRequest, base: str, older: Cursor | None, *, skip: int = 0
) -> Mapping[str, str]:
    """The links to this page, and to the next one where there is one.

    That one begins behind the first ``skip`` resources of this page's row, where they are not all.
    A number that was sent by POST does not come back in the address of the page itself.
    """
    own = request.GET.copy()
    if request.method == "POST":
        own.pop("identifier", None)
    links = {"self": f"{base}?{own.urlencode()}" if own else base}
    if skip or older is not None:
        own = request.GET.copy()
        own.pop("_skip", None)
        name, place = ("_skip", skip) if skip else ("_cursor", older)
        own[name] = str(place)
        links["next"] = f"{base}?{own.urlencode()}"
    return links


def ids(sent: frozenset[str] | None, name: str = "_id") -> frozenset[UUID] | None:
    """The ids of resources; what is no id of ours finds nothing."""
    return None if sent is None else frozenset(_uuids(sent))


def _uuids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue


def _check_names(sent: QueryDict, names: Iterable[str]) -> None:
    known = {*names, *_OF_ANSWER}
    for name in sent:
        if name not in known:
            said = _("%(name)s is no parameter of this search. There are: %(names)s.") % {
                "name": name,
                "names": ", ".join(sorted(known - _OF_LINKS)),
            }
            raise Problem(400, "parameter", said)


def _check_once(sent: QueryDict, name: str) -> None:
    if len(sent.getlist(name)) > 1:
        said = _("%(name)s may be sent once. Separate several values by commas.") % {"name": name}
        raise Problem(400, "parameter", said)


def _refused(name: str, example: str) -> Problem:
    said = _("%(name)s can't be read. It is written like %(example)s.") % {
        "name": name,
        "example": example,
    }
    return Problem(400, "parameter", said)


def _size(sent: QueryDict) -> int:
    text = sent.get("_count", str(USUAL_ROWS))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII):
        raise _refused("_count", str(USUAL_ROWS))
    return min(int(text), MOST_ROWS)


def _before(sent: QueryDict) -> Cursor | None:
    if "_cursor" not in sent:
        return None
    found = Cursor.parse(str(sent["_cursor"]), Assessment)
    if found is None:
        raise _other_link()
    return found


def _skip(sent: QueryDict) -> int:
    text = sent.get("_skip", "0")
    if not re.fullmatch(r"[0-9]", text, re.ASCII):
        raise _other_link()
    return int(text)


def _other_link() -> Problem:
    return Problem(400, "parameter", _("Follow the link to the next page as it was sent."))


def _tokens(text: str, system: str, name: str) -> frozenset[str]:
    """The values of ``system|value`` and ``value``; those of another system find nothing."""
    found = set()
    for one in text.split(","):
        of, mark, value = one.rpartition("|")
        if not value:
            raise _refused(name, f"{system}|…" if system else "…")
        # No value has U+0000, and no database takes it.
        if (not mark or of == system) and "\0" not in value:
            found.add(value)
    return frozenset(found)


def _moments(texts: list[str]) -> Iterable[tuple[str, datetime]]:
    for text in texts:
        found = _MOMENT.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            yield from _compared(found["prefix"] or "eq", *_span(found))
        except (ValueError, OverflowError) as error:
            raise _refused("_lastUpdated", "ge2026-11-28T08:00:00Z") from error


def _span(found: re.Match[str]) -> tuple[datetime, datetime]:
    """A day, a second or a part of one from its beginning to its end.

    Resources tell milliseconds, and the record has microseconds.
    """
    if found["time"] is None:
        day = datetime.fromisoformat(found["day"])
        return timezone.make_aware(day), timezone.make_aware(day + timedelta(days=1))
    # In UTC: the database knows no offsets beyond 16 hours.
    start = datetime.fromisoformat(found["day"] + found["time"]).astimezone(UTC)
    return start, start + timedelta(seconds=1) / 10 ** len(found["part"] or "")


def _compared(prefix: str, start: datetime, end: datetime) -> Iterable[tuple[str, datetime]]:
    if prefix in {"eq", "ge"}:
        yield "gte", start
    if prefix in {"eq", "le"}:
        yield "lt", end
    if prefix == "gt":
        yield "gte", end
    if prefix == "lt":
        yield "lt", start


def _by_id(asked: Asked, text: str, site: Site) -> Asked:
    return replace(asked, chains=ids(_tokens(text, "", "_id")))


def _by_version(asked: Asked, text: str, site: Site) -> Asked:
    return replace(asked, versions=ids(_tokens(text, "", "_id")))


def _by_number(asked: Asked, text: str, site: Site) -> Asked:
    numbers = _tokens(text, site.report_numbers, "identifier")
    found = filter(None, map(_REPORT.fullmatch, numbers))
    serials = frozenset((int(one[1]), int(one[2])) for one in found)
    return replace(asked, serials=serials)


def _by_patient(asked: Asked, text: str, site: Site) -> Asked:
    named = {one.removeprefix(f"{site.base}/").removeprefix("Patient/") for one in text.split(",")}
    found = ids(frozenset(named))
    both = found if asked.patients is None or found is None else asked.patients & found
    return replace(asked, patients=both)


def _by_target(asked: Asked, text: str, site: Site) -> Asked:
    named = (_TARGET.fullmatch(one.removeprefix(f"{site.base}/")) for one in text.split(","))
    found = ((_uuids([one[1]]), one[2]) for one in named if one)
    targets = frozenset(
        (chain, int(version) if version else None) for chains, version in found for chain in chains
    )
    return replace(asked, targets=targets)


_READERS: Mapping[str, Callable[[Asked, str, Site], Asked]] = {
    "_id": _by_id,
    "identifier": _by_number,
    "patient": _by_patient,
    "subject": _by_patient,
    "target": _by_target,
}


def hospital_numbers(texts: frozenset[str] | None) -> frozenset[str] | None:
    """Hospital numbers as the record spells them."""
    return None if texts is None else frozenset(map(normalised_hospital_number, texts))
