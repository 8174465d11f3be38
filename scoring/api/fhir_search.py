"""Search parameters of FHIR, read strictly: a filter that is not understood is refused.

To leave one out would find more than was asked for.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from scoring.api.fhir_values import moments, references, refused, tokens, uuids
from scoring.entry.folding import normalised_hospital_number
from scoring.fhir.identity import Site
from scoring.http.problems import Problem
from scoring.models import Assessment, Patient
from scoring.queries.exchange import Asked
from scoring.queries.keyset import Cursor

MOST_ROWS, USUAL_ROWS = 50, 20
_OF_VERSIONS = {"DocumentReference", "Provenance"}
_FORM = "application/x-www-form-urlencoded"
_TARGET = re.compile(r"([0-9a-fA-F-]{36})(?:/_history/([0-9]{1,6}))?", re.ASCII)
# Of the page, and of the form of the answer: not of what is found.
_OF_ANSWER = {"_count", "_cursor", "_skip", "_format", "_pretty", "_sort"}
# Patients have another order, and one is never parted between two pages.
_OF_PATIENTS = _OF_ANSWER - {"_skip", "_sort"}
# What no refusal lists: what links to the next page hold, and white space, which is as it is.
_NOT_LISTED = {"_cursor", "_skip", "_pretty"}
# The order of every list of versions: a client that asks for it gets no other.
_ORDER = "-_lastUpdated"
_REPORT = re.compile(r"RBP-([0-9]{4})-([0-9]{1,9})")


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
    _check_names(sent, {*names, *_OF_ANSWER})
    if sent.get("_sort", _ORDER) != _ORDER:
        raise refused("_sort", _ORDER)
    asked = Asked(is_every=is_of_version)
    for name in sent:
        if name in _OF_ANSWER:
            continue
        if name == "_lastUpdated":
            asked = replace(asked, changed=tuple(moments(sent.getlist(name), name)))
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


def patients(
    request: HttpRequest, site: Site, names: Iterable[str]
) -> tuple[frozenset[UUID] | None, frozenset[str] | None]:
    """The ids and the hospital numbers that are looked for; None where none are sent.

    Raises Problem: 400. As many as a page has, so that the address of the next one stays short.
    """
    sent = request.GET
    _check_names(sent, {*names, *_OF_PATIENTS})
    pks, numbers = (
        _tokens_sent(sent, name, system)
        for name, system in (("_id", ""), ("identifier", site.hospital_numbers))
    )
    if pks is None and numbers is None:
        raise Problem(400, "parameter", _("Search for patients by identifier or _id."))
    return (
        None if pks is None else frozenset(uuids(pks)),
        None if numbers is None else frozenset(map(normalised_hospital_number, numbers)),
    )


def _tokens_sent(sent: QueryDict, name: str, system: str) -> frozenset[str] | None:
    if name not in sent:
        return None
    _check_once(sent, name)
    found = tokens(str(sent[name]), system, name)
    if len(found) > MOST_ROWS:
        said = _("Send at most %(most)s values of %(name)s in one search.")
        raise Problem(400, "parameter", said % {"name": name, "most": MOST_ROWS})
    return found


def page_of_patients(
    request: HttpRequest, base: str, found: Iterable[Patient]
) -> tuple[Sequence[Patient], Mapping[str, str]]:
    """The patients of this page, and its links. Raises Problem: 400.

    In the order of their ids: a number that is corrected meanwhile moves nobody to another page.
    The next page is asked for by id, so that no address holds a hospital number.
    """
    sent, ordered = request.GET, sorted(found, key=lambda one: one.pk)
    size, after = _size(sent), _after(sent)
    rest = [one for one in ordered if after is None or one.pk > after]
    shown, links = rest[:size], dict(pages(request, base, None))
    if len(rest) > size:
        following = sent.copy()
        following.pop("identifier", None)
        following["_id"] = ",".join(str(one.pk) for one in ordered)
        following["_cursor"] = str(shown[-1].pk)
        links["next"] = f"{base}?{following.urlencode(safe=',')}"
    return shown, links


def _after(sent: QueryDict) -> UUID | None:
    if "_cursor" not in sent:
        return None
    for found in uuids([str(sent["_cursor"])]):
        return found
    raise _other_link()


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


def _check_names(sent: QueryDict, known: set[str]) -> None:
    for name in sent:
        if name not in known:
            said = _("%(name)s is no parameter of this search. There are: %(names)s.") % {
                "name": name,
                "names": ", ".join(sorted(known - _NOT_LISTED)),
            }
            raise Problem(400, "parameter", said)


def _check_once(sent: QueryDict, name: str) -> None:
    if len(sent.getlist(name)) > 1:
        said = _("%(name)s may be sent once. Separate several values by commas.") % {"name": name}
        raise Problem(400, "parameter", said)


def _size(sent: QueryDict) -> int:
    text = sent.get("_count", str(USUAL_ROWS))
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text, re.ASCII):
        raise refused("_count", str(USUAL_ROWS))
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


def _by_id(asked: Asked, text: str, site: Site) -> Asked:
    return replace(asked, chains=frozenset(uuids(tokens(text, "", "_id"))))


def _by_version(asked: Asked, text: str, site: Site) -> Asked:
    return replace(asked, versions=frozenset(uuids(tokens(text, "", "_id"))))


def _by_number(asked: Asked, text: str, site: Site) -> Asked:
    numbers = tokens(text, site.report_numbers, "identifier")
    found = filter(None, map(_REPORT.fullmatch, numbers))
    serials = frozenset((int(one[1]), int(one[2])) for one in found)
    return replace(asked, serials=serials)


def _by_patient(asked: Asked, text: str, site: Site, name: str = "patient") -> Asked:
    found = frozenset(uuids(references(text, site.base, "Patient", name)))
    return replace(asked, patients=found if asked.patients is None else asked.patients & found)


def _by_target(asked: Asked, text: str, site: Site) -> Asked:
    named = map(_TARGET.fullmatch, references(text, site.base, "RiskAssessment", "target"))
    found = ((uuids([one[1]]), one[2]) for one in named if one)
    targets = frozenset(
        (chain, int(version) if version else None) for chains, version in found for chain in chains
    )
    return replace(asked, targets=targets)


_READERS: Mapping[str, Callable[[Asked, str, Site], Asked]] = {
    "_id": _by_id,
    "identifier": _by_number,
    "patient": _by_patient,
    "subject": partial(_by_patient, name="subject"),
    "target": _by_target,
}
