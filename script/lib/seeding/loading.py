"""Drawn patients and chains written to the database."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from django.db import connection

from scoring.entry.folding import cjk_characters, search_text
from scoring.models import Patient, ReportCounter, User
from scoring.models.index_assessment import INTO, copied_from
from script.lib.seeding import cells, names
from script.lib.seeding.bulk import bulk_load, copy_columns
from script.lib.seeding.drawing import NEW, Chains, Clock, DrawnPatients, Ints, draw
from script.lib.seeding.outcomes import outcomes_of
from script.lib.seeding.versions import versions_of

TABLES = (
    "scoring_patient",
    "scoring_assessmentchain",
    "scoring_assessment",
    "scoring_outcome",
    "scoring_indexassessment",
)
NUMBER_PREFIX = "SEED"
CHAINS_AT_ONCE = 25_000
# The trigger that copies index assessments is off during the load.
_COPY_INDEX_ASSESSMENTS = f"""
    INSERT {INTO}
    SELECT DISTINCT ON (a.chain_id) {copied_from("a")}
    FROM scoring_assessment a
    WHERE a.state = 'final'
      AND NOT EXISTS (SELECT FROM scoring_indexassessment f WHERE f.chain_id = a.chain_id)
    ORDER BY a.chain_id, a.version
"""  # noqa: S608
# Statistics of tables that were empty until now promise no rows, and the update below would read
# all tables anew for each.
_COUNT = "ANALYZE scoring_assessment, scoring_assessmentchain, scoring_outcome"
# As the triggers that are off, too, do where an outcome says so.
_TELL_OF_DEATHS = """
    UPDATE scoring_assessmentchain SET patient_died = true WHERE current_id IN (
        SELECT a.id FROM scoring_assessment a WHERE a.patient_id IN (
            SELECT v.patient_id FROM scoring_outcome o
            JOIN scoring_assessmentchain c ON c.id = o.chain_id
            JOIN scoring_assessment v ON v.id = c.current_id
            WHERE o.not_evaluable = 'died'
        )
    ) AND NOT patient_died
"""
STAFF = ("Chen", "Sun", "Ma", "Moore", "Keller", "Zhou")


def load(*, assessments: int, random_seed: int, now: datetime) -> None:
    """Add synthetic chains with this many versions; the same seed and moment, the same rows."""
    rng = np.random.default_rng(random_seed)
    clock = Clock.at(now)
    patients, chains = draw(rng, assessments, clock)
    with bulk_load(TABLES, finish=(_COUNT, _TELL_OF_DEATHS)):
        staff = _staff()
        patient_ids = _load_patients(rng, patients, chains, staff)
        years, serials = _report_numbers(chains, clock)
        for part in _parts(len(chains)):
            _load_chains(
                rng,
                patients,
                chains,
                part,
                numbers=(years[part], serials[part]),
                patient_ids=patient_ids,
                staff=staff,
                clock=clock,
            )
        with connection.cursor() as cursor:
            cursor.execute(_COPY_INDEX_ASSESSMENTS)


def _staff() -> list[tuple[int, str]]:
    """Synthetic clinicians who cannot sign in."""
    staff = []
    for number, name in enumerate(STAFF, start=1):
        user, is_new = User.objects.get_or_create(
            username=f"synthetic-{number}",
            defaults={"display_name": f"Dr {name} (seed)", "is_active": False},
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        staff.append((user.pk, user.display_name))
    return staff


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, CHAINS_AT_ONCE):
        yield slice(start, min(start + CHAINS_AT_ONCE, count))


def _load_patients(
    rng: np.random.Generator, patients: DrawnPatients, chains: Chains, staff: list[tuple[int, str]]
) -> list[str]:
    ids = cells.uuids(rng, len(patients))
    known = names.drawn(rng, len(patients))
    registered = np.full(len(patients), np.iinfo(np.int64).max)
    np.minimum.at(registered, chains.patient, chains.at_us[:, NEW])
    first = Patient.objects.filter(hospital_number__startswith=NUMBER_PREFIX).count() + 1
    author = rng.integers(0, len(staff), len(patients))
    searched = [search_text(family, given) for family, given in known]
    copy_columns(
        "scoring_patient",
        {
            "id": ids,
            "hospital_number": [f"{NUMBER_PREFIX}{first + i:07d}" for i in range(len(ids))],
            "family_name": [family for family, _ in known],
            "given_name": [given for _, given in known],
            "search_name": searched,
            "search_characters": ["{" + ",".join(cjk_characters(text)) + "}" for text in searched],
            "birth_date": cells.where(patients.has_birth_date, cells.days(patients.birth_day)),
            "sex": cells.either(patients.female, "female", "male"),
            "synthetic": ["t"] * len(ids),
            "revision": ["0"] * len(ids),
            "created_at": cells.moments(registered),
            "created_by_id": cells.picked([str(pk) for pk, _ in staff], author),
        },
    )
    return ids


def _report_numbers(chains: Chains, clock: Clock) -> tuple[Ints, Ints]:
    """Year and gapless serial of every chain, in the order in which they began."""
    began = chains.at_us[:, NEW]
    years = clock.days(began).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    years += 1970
    serials = np.zeros(len(chains), dtype=np.int64)
    order = np.argsort(began, kind="stable")
    for year in np.unique(years).tolist():
        of_year = order[years[order] == year]
        counter, _ = ReportCounter.objects.get_or_create(year=year)
        serials[of_year] = counter.last_serial + 1 + np.arange(len(of_year))
        counter.last_serial += len(of_year)
        counter.save(update_fields=["last_serial"])
    return years, serials


def _load_chains(
    rng: np.random.Generator,
    patients: DrawnPatients,
    chains: Chains,
    part: slice,
    *,
    numbers: tuple[Ints, Ints],
    patient_ids: list[str],
    staff: list[tuple[int, str]],
    clock: Clock,
) -> None:
    operation_day = chains.operation_day[part]
    ids = cells.uuids(rng, len(operation_day))
    versions = versions_of(
        rng, patients, chains, part, chain_ids=ids, patient_ids=patient_ids, staff=staff
    )
    state = cells.picked(versions.state, versions.last)
    outcomes = outcomes_of(
        rng,
        chain_ids=ids,
        operation_day=operation_day,
        risk=versions.risk[versions.last],
        voided=np.array([each == "voided" for each in state]),
        clock=clock,
        staff=staff,
    )
    years, serials = numbers
    copy_columns(
        "scoring_assessmentchain",
        {
            "id": ids,
            "report_year": cells.whole(years),
            "report_serial": cells.whole(serials),
            "current_id": cells.picked(versions.ids, versions.last),
            "state": state,
            "operation_date": cells.days(operation_day),
            "synthetic": ["t"] * len(ids),
            **outcomes.of_chains,
        },
    )
    copy_columns("scoring_assessment", dict(versions.columns))
    copy_columns("scoring_outcome", dict(outcomes.columns))
