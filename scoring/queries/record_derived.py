"""What the database copies from versions, outcomes and names, compared with where it came from."""

from collections.abc import Iterator
from typing import Any

from scoring.entry.folding import cjk_characters, search_text
from scoring.models.codes import ENDS_FOLLOW_UP, RBP_VAS
from scoring.models.index_assessment import differing
from scoring.queries.streams import rows_of

# Model, what names the row, names of the columns that disagree.
Disagreement = tuple[str, dict[str, Any], tuple[str, ...]]

_COUNTERS = """
    SELECT coalesce(counter.year, chains.year), 'last_serial'
    FROM scoring_reportcounter counter FULL JOIN (
        SELECT report_year AS year, max(report_serial) AS last, count(*) AS chains
        FROM scoring_assessmentchain GROUP BY report_year
    ) chains ON chains.year = counter.year
    WHERE coalesce(counter.last_serial, 0) <> coalesce(chains.last, 0)
       OR chains.chains <> chains.last
"""


def _answered(day: int) -> dict[str, str]:
    """The columns of a chain about one time point, as its newest outcome says."""
    return {
        f"day_{day}": f"CASE WHEN coalesce(o{day}.withdrawn, true) THEN 'open' "
        f"WHEN o{day}.vas IS NULL THEN 'not_evaluable' ELSE 'measured' END",
        f"vas_day_{day}": f"o{day}.vas",
        f"vas_day_{day}_on": f"o{day}.measured_on",
    }


_ENDS = f"not_evaluable IN {tuple(code.value for code in ENDS_FOLLOW_UP)}"
_OF_CHAIN = {
    "current_id": "v.id",
    "state": "coalesce(v.state, '')",
    "operation_date": "v.operation_date",
    "synthetic": "coalesce(p.synthetic, false)",
    **_answered(3),
    **_answered(30),
    "vas_known_at": "k.known_at",
    "follow_up_ended": f"coalesce(o3.{_ENDS}, false) OR coalesce(o30.{_ENDS}, false)",
    "patient_died": "d.patient_id IS NOT NULL",
    "rbp": f"""
        CASE WHEN 'not_evaluable' IN (c.day_3, c.day_30) THEN 'not_evaluable'
             WHEN c.vas_day_3 IS NULL OR c.vas_day_30 IS NULL THEN 'pending'
             WHEN c.vas_day_3 >= {RBP_VAS} AND c.vas_day_30 >= {RBP_VAS} THEN 'yes'
             ELSE 'no' END""",
}
_NEWEST_OUTCOME = """
    LEFT JOIN (
        SELECT DISTINCT ON (chain_id) chain_id, vas, measured_on, withdrawn, not_evaluable
        FROM scoring_outcome WHERE time_point = {day} ORDER BY chain_id, version DESC
    ) o{day} ON o{day}.chain_id = c.id
"""
_DIFFERING = ", ".join(
    f"CASE WHEN c.{name} IS DISTINCT FROM ({expected}) THEN '{name}' END"
    for name, expected in _OF_CHAIN.items()
)
_CHAINS = f"""
    WITH newest AS (
        SELECT DISTINCT ON (chain_id) chain_id, id, state, operation_date, patient_id
        FROM scoring_assessment ORDER BY chain_id, version DESC
    )
    SELECT * FROM (
        SELECT c.report_year, c.report_serial, concat_ws(' ', {_DIFFERING}) AS names
        FROM scoring_assessmentchain c
        LEFT JOIN newest v ON v.chain_id = c.id
        LEFT JOIN (
            SELECT a.chain_id, bool_or(p.synthetic) AS synthetic
            FROM scoring_assessment a JOIN scoring_patient p ON p.id = a.patient_id
            GROUP BY a.chain_id
        ) p ON p.chain_id = c.id
        {_NEWEST_OUTCOME.format(day=3)} {_NEWEST_OUTCOME.format(day=30)}
        LEFT JOIN (
            SELECT chain_id, min(created_at) AS known_at
            FROM scoring_outcome WHERE vas IS NOT NULL GROUP BY chain_id
        ) k ON k.chain_id = c.id
        LEFT JOIN (
            SELECT DISTINCT v.patient_id FROM newest v JOIN scoring_outcome o USING (chain_id)
            WHERE v.state <> 'voided' AND o.not_evaluable = 'died'
              AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
        ) d ON d.patient_id = v.patient_id
    ) compared WHERE names <> ''
"""  # noqa: S608 - constants
# The first final version that was not undone; where all were, the last of them.
_INDEX = f"""
    WITH final AS (
        SELECT a.id, a.chain_id, a.version, EXISTS (
            SELECT FROM scoring_assessment u WHERE u.supersedes_id = a.id AND u.change = 'undo'
        ) AS undone
        FROM scoring_assessment a WHERE a.state = 'final'
    ), expected AS (
        SELECT DISTINCT ON (chain_id) id FROM final
        ORDER BY chain_id, undone, CASE WHEN undone THEN -version ELSE version END
    )
    SELECT * FROM (
        SELECT c.report_year, c.report_serial,
               CASE WHEN i.chain_id IS NULL OR a.id IS NULL THEN 'chain_id'
                    ELSE {differing("i", "a")} END AS names
        FROM (scoring_assessment a JOIN expected ON expected.id = a.id)
        FULL JOIN scoring_indexassessment i ON i.chain_id = a.chain_id
        LEFT JOIN scoring_assessmentchain c ON c.id = coalesce(i.chain_id, a.chain_id)
    ) compared WHERE names <> ''
"""  # noqa: S608 - constants
_PATIENTS = """
    SELECT hospital_number, family_name, given_name, search_name, search_characters
    FROM scoring_patient
"""
_CORRECTIONS = """
    SELECT p.hospital_number, c.revision, c.old_family_name, c.old_given_name, c.old_search_name,
           c.old_search_characters
    FROM scoring_patientcorrection c LEFT JOIN scoring_patient p ON p.id = c.patient_id
"""


def disagreements() -> Iterator[Disagreement]:
    """Every row with columns that are not what they were copied or computed from."""
    for year, names in rows_of(_COUNTERS):
        yield "reportcounter", {"year": year}, (names,)
    for model, sql in (("assessmentchain", _CHAINS), ("indexassessment", _INDEX)):
        for year, serial, names in rows_of(sql):
            yield model, {"year": year, "serial": serial}, tuple(names.split())
    for number, *name in rows_of(_PATIENTS):
        columns = _wrong_search(*name)
        if columns:
            yield "patient", {"number": number}, columns
    for number, revision, *name in rows_of(_CORRECTIONS):
        columns = tuple(f"old_{column}" for column in _wrong_search(*name))
        if columns:
            yield "patientcorrection", {"number": number, "revision": revision}, columns


def _wrong_search(
    family: str | None, given: str | None, text: str, characters: list[str]
) -> tuple[str, ...]:
    """Which of the texts that a name is found by is not made of this name."""
    # Somebody may have made a column nullable.
    expected = search_text(family or "", given or "")
    return tuple(
        column
        for column, is_right in (
            ("search_name", text == expected),
            ("search_characters", characters == cjk_characters(expected)),
        )
        if not is_right
    )
