"""Resources that were sent, read as the values of one patient; or what keeps them from a score.

Nobody is there to confirm a value that is doubtful. So what the form asks about is refused here: a
result that is too old, two results of one time that differ. A value is never converted or guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.entry.rules import completed_years
from scoring.entry.windows import SOURCES
from scoring.fhir.resource import Resource
from scoring.fhir.sent_observation import (
    Candidate,
    Problem,
    Sent,
    Unusable,
    birth_date,
    candidate,
    is_age,
)
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.model import Result
from scoring.nomogram.parts import Timing
from scoring.nomogram.predictor import Predictor, Threshold
from scoring.nomogram.rong2025.model import AGE, MVH, RONG_2025, TRAUMA_HISTORY


@dataclass(frozen=True)
class SentValues:
    """What was read: the patient, the observation of each predictor by its field, the problems.

    ``age_years`` is None where it is not known.
    """

    patient: Sent | None
    age_years: int | None
    found: Mapping[str, Candidate]
    problems: tuple[Problem, ...]

    @property
    def result(self) -> Result | None:
        """What the model says; None where there are problems. Provisional without the height."""
        if self.problems:
            return None
        values = {field: one.value for field, one in self.found.items()}
        return RONG_2025.assess({MVH.field: None, AGE.field: self.age_years, **values})


def entries(bundle: Resource, where: str = "Bundle") -> list[Sent]:
    """The resources of a bundle."""
    return [
        Sent(entry["resource"], f"{where}.entry[{place}].resource", _address(entry))
        for place, entry in enumerate(bundle.get("entry", []))
        if "resource" in entry
    ]


def _address(entry: Resource) -> str:
    """The address of a resource; one that begins with # would name something contained."""
    address = str(entry.get("fullUrl", ""))
    return "" if address.startswith("#") else address


def read_values(sent: Sequence[Sent], *, operation: date | None, today: date) -> SentValues:
    """The values of the one patient among the resources, each the newest of its kind.

    ``operation`` is its day, None where it is not known yet: then today stands for it.
    """
    problems: list[Problem] = []
    patients = [one for one in sent if one.resource.get("resourceType") == "Patient"]
    patient = patients[0] if len(patients) == 1 else None
    if patient is None:
        problems.append(Problem(Unusable.SEVERAL_PATIENTS if patients else Unusable.NO_PATIENT))
    age_years, age_problem = _age(patient, operation or today)
    problems += age_problem
    found: dict[str, Candidate] = {}
    known = list(_candidates(sent))
    for predictor in RONG_2025.predictors:
        of_it = [one for one in known if one.predictor is predictor]
        if predictor is not AGE:
            chosen = _chosen(of_it, predictor, patient, operation, today)
            if isinstance(chosen, Problem):
                problems.append(chosen)
            elif chosen is not None:
                found[predictor.field] = chosen
    return SentValues(patient, age_years, found, tuple(problems))


def _candidates(sent: Iterable[Sent]) -> Iterator[Candidate]:
    for one in sent:
        if one.resource.get("resourceType") == "Observation":
            read = candidate(one)
            if read is not None and not is_age(read):
                yield read


def _age(patient: Sent | None, day: date) -> tuple[int | None, list[Problem]]:
    if patient is None:
        return None, []
    born = birth_date(patient.resource)
    where = f"{patient.where}.birthDate"
    if born is None:
        return None, [Problem(Unusable.NO_BIRTH_DATE, AGE, where)]
    years = completed_years(born, day)
    try:
        AGE.check(years)
    except PredictorError:
        return years, [Problem(Unusable.OUT_OF_RANGE, AGE, where, {"value": years})]
    return years, []


def _chosen(
    known: list[Candidate],
    predictor: Predictor,
    patient: Sent | None,
    operation: date | None,
    today: date,
) -> Candidate | Problem | None:
    """The observation to use, or why there is none; None where the predictor may be unknown."""
    if patient is not None:
        for one in known:
            if not _is_of(one.sent.resource, patient):
                return Problem(Unusable.OTHER_PATIENT, predictor, f"{one.sent.where}.subject")
    usable = [one for one in known if not _is_of_no_use(one)]
    if not usable:
        if known and not predictor.may_be_unknown:
            return known[0].problem
        return None if predictor.may_be_unknown else Problem(Unusable.MISSING, predictor)
    if predictor is MVH and operation is None:
        return Problem(Unusable.NO_OPERATION_DATE, predictor, usable[0].sent.where)
    return _newest(usable, predictor, operation or today)


def _is_of_no_use(one: Candidate) -> bool:
    """What only tells why nothing is there: withdrawn, another quantity, or said to be absent."""
    if one.problem is None:
        return False
    is_absent = one.problem.code is Unusable.NO_VALUE and "dataAbsentReason" in one.sent.resource
    return is_absent or one.problem.code in {Unusable.STATUS, Unusable.OTHER_QUANTITY}


def _newest(known: list[Candidate], predictor: Predictor, day: date) -> Candidate | Problem:
    """The newest one, where it can be scored; an older one never takes its place."""
    if predictor is TRAUMA_HISTORY:
        # When a history was taken does not say when the trauma was.
        undated = [one for one in known if one.day is None]
        group = undated or _of_last_time(known)
        return _agreed(group, predictor)
    for one in known:
        if one.day is None:
            return one.problem or Problem(Unusable.NO_DATE, predictor, one.sent.where)
    beside = predictor.provenance
    is_late = beside is not None and beside.timing is Timing.AFTER
    in_time = known if is_late else [one for one in known if one.day and one.day <= day]
    if not in_time:
        return Problem(Unusable.AFTER_OPERATION, predictor, known[0].sent.where)
    chosen = _agreed(_of_last_time(in_time), predictor)
    return chosen if isinstance(chosen, Problem) else _in_window(chosen, day)


def _in_window(one: Candidate, day: date) -> Candidate | Problem:
    beside = one.predictor.provenance
    if beside is None or one.day is None:
        return one
    window, days = SOURCES[beside.date_field], (one.day - day).days
    if window.first <= days <= window.last:
        return one
    code = Unusable.NOT_IN_WINDOW if beside.timing is Timing.AFTER else Unusable.TOO_OLD
    told = {"day": one.day, "days": -window.first, "first": window.first, "last": window.last}
    return Problem(code, one.predictor, one.sent.where, told)


def _of_last_time(known: list[Candidate]) -> list[Candidate]:
    """Those of the last time; of the last day where one of that day has no time."""
    last = max(one.day for one in known if one.day)
    of_day = [one for one in known if one.day == last]
    moments = [one.moment for one in of_day if one.moment]
    if len(moments) < len(of_day):
        return of_day
    return [one for one in of_day if one.moment == max(moments)]


def _agreed(group: list[Candidate], predictor: Predictor) -> Candidate | Problem:
    """One of those of one time, where they say the same to the model."""
    scored = [one for one in group if one.problem is None and one.value is not None]
    if not scored:
        return group[0].problem or Problem(Unusable.NO_VALUE, predictor, group[0].sent.where)
    said = {predictor.covariate(_plain(one)) for one in scored}
    if len(said) > 1:
        where = scored[1].sent.where
        return Problem(Unusable.SEVERAL_VALUES, predictor, where)
    # The lowest of several sites, as a diagnosis is made.
    return min(scored, key=_plain) if isinstance(predictor, Threshold) else scored[0]


def _plain(one: Candidate) -> float:
    return float(one.value or 0)


def _is_of(observation: Resource, patient: Sent) -> bool:
    """Whether an observation names this patient."""
    reference = observation.get("subject", {}).get("reference", "")
    named = str(reference).partition("/_history/")[0]
    own = f"Patient/{patient.resource.get('id', '')}"
    if patient.address:
        return named in {patient.address, own} and named != "Patient/"
    return bool(patient.resource.get("id")) and (named == own or named.endswith(f"/{own}"))
