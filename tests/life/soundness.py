"""What must hold of the record at every moment, and that it says what the oracle says."""

from collections import Counter
from collections.abc import Set
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from scoring.models import Assessment
from scoring.models.codes import REASON_OPTIONAL, TimePoint
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import worklist
from tests import cast
from tests.life import record
from tests.life.oracle import Chain, Ward

IDENTITY = ("hospital_number", "family_name", "given_name", "birth_date", "sex", "revision")


def nothing_is_lost(before: record.Rows, now: record.Rows) -> None:
    """Every row that was written once is there, in every column as it was."""
    for table in record.APPEND_ONLY:
        kept = {pk: row for pk, row in now[table].items() if pk in before[table]}
        assert kept == before[table], table


def as_the_oracle_says(
    ward: Ward, before: record.Rows, now: record.Rows, *, first_event: object
) -> None:
    """The rows are those of the oracle, no more and no fewer, column by column.

    What was entered and scored is compared as it comes: ``nothing_is_lost`` says that it stays.
    """
    _same_number_of_rows(ward, now)
    chains = {row["report_serial"]: row for row in now["scoring_assessmentchain"].values()}
    # Report numbers have no gaps, whatever was refused in between.
    assert sorted(chains) == list(range(1, len(ward.chains) + 1))
    for chain in ward.chains:
        _one_line_with_one_end(chain, chains[chain.serial], now)
        _outcomes_in_their_lines(chain, now)
    new = now["scoring_assessment"].keys() - before["scoring_assessment"].keys()
    _versions_as_entered_and_scored(ward, new)
    _due_as_the_oracle_says(ward)
    _identities_as_told_last(ward, now)
    events = [row["action"] for pk, row in now["scoring_auditevent"].items() if pk > first_event]
    assert Counter(events) == ward.done


def _due_as_the_oracle_says(ward: Ward) -> None:
    """Nothing of the dead, and no VAS once residual back pain is not evaluable any more."""
    # Every operation of the strategies is 31 to 71 days before this day.
    today = cast.OPERATION + timedelta(days=71)
    chains = {
        "radiographs": worklist._radiographs(today),
        "day_3": worklist._outcomes(TimePoint.DAY_3, today),
        "day_30": worklist._outcomes(TimePoint.DAY_30, today),
    }
    found = {name: {chain.report_serial for chain in due} for name, due in chains.items()}
    assert found == ward.due()


def _same_number_of_rows(ward: Ward, now: record.Rows) -> None:
    outcomes = [kept for chain in ward.chains for line in chain.outcomes.values() for kept in line]
    assert len(now["scoring_assessment"]) == sum(len(chain.versions) for chain in ward.chains)
    assert len(now["scoring_outcome"]) == len(outcomes)
    assert len(now["scoring_patientcorrection"]) == ward.corrections
    assert len(now["scoring_patient"]) == len(ward.people)


def _one_line_with_one_end(chain: Chain, row: record.Row, now: record.Rows) -> None:
    """One current version, the end of the line; one successor at the most for every other."""
    of_chain = [v for v in now["scoring_assessment"].values() if v["chain_id"] == row["id"]]
    versions = sorted(of_chain, key=lambda version: version["version"])
    assert [v["id"] for v in versions] == [v.pk for v in chain.versions]
    assert [v["version"] for v in versions] == list(range(1, len(versions) + 1))
    assert versions[0]["supersedes_id"] is None
    for earlier, later in pairwise(versions):
        assert later["supersedes_id"] == earlier["id"]
    assert row["current_id"] == versions[-1]["id"]
    assert (row["state"], row["operation_date"]) == (chain.current.state, chain.operated_on)
    for time_point in (3, 30):
        assert row[f"day_{time_point}"] == chain.answered(time_point)
        assert row[f"vas_day_{time_point}"] == chain.vas(time_point)
    assert row["rbp"] == chain.rbp


def _outcomes_in_their_lines(chain: Chain, now: record.Rows) -> None:
    for line in chain.outcomes.values():
        for number, (kept, earlier) in enumerate(zip(line, [None, *line], strict=False), start=1):
            row = now["scoring_outcome"][kept.pk]
            follows = (row["version"], row["supersedes_id"])
            assert follows == (number, earlier and earlier.pk)
            entry = kept.entry
            what = ("vas", "measured_on", "not_evaluable", "new_vertebral_fracture")
            assert [row[name] for name in (*what, "reason", "withdrawn")] == [
                entry.vas,
                entry.measured_on,
                entry.not_evaluable,
                entry.new_fracture,
                kept.reason,
                kept.withdrawn,
            ]
            assert number == 1 or row["reason"].strip()


def _versions_as_entered_and_scored(ward: Ward, new: Set[UUID]) -> None:
    if not new:
        return
    found = Assessment.objects.filter(pk__in=new).select_related("created_by")
    versions = {version.pk: version for chain in ward.chains for version in chain.versions}
    rows = {row.pk: row for row in found}
    assert rows.keys() == new
    for pk, row in rows.items():
        version = versions[pk]
        said = (row.state, row.change, row.reason, row.created_by.username)
        assert said == (version.state, version.change, version.reason, version.by)
        whose = (row.patient_id, row.birth_date, row.age_years)
        assert whose == (version.patient, version.birth_date, version.age_years)
        assert row.result == RONG_2025.assess(version.entry.inputs(version.age_years))
        assert row.operation_status == version.entry.operation_status
        assert row.answers == version.entry.answers
        assert row.change in REASON_OPTIONAL or row.reason.strip()


def _identities_as_told_last(ward: Ward, now: record.Rows) -> None:
    for pk, row in now["scoring_patient"].items():
        person = ward.people[row["id"]]
        assert pk == person.pk
        told = {name: getattr(person.identity, name, person.revision) for name in IDENTITY}
        assert {name: row[name] for name in IDENTITY} == told
