"""What people of the ward enter: sound values, so that a refusal is one of the life cycle."""

from datetime import timedelta

from hypothesis import strategies as st

from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from tests import cast
from tests.life import acts

REASONS = st.sampled_from(["misread", "wrong sheet", "told so", "new MRI", " typo ", "", " \t"])
INDEX = st.integers(0, 99)
NUMBERS = st.sampled_from([f"H{n}" for n in range(1, 7)])


def identities() -> st.SearchStrategy[PatientEntry]:
    return st.builds(
        cast.person,
        NUMBERS,
        family_name=st.sampled_from(["Wang", "Li", "王"]),
        given_name=st.sampled_from(["Xiulan", "Na"]),
        birth_date=st.sampled_from([cast.BORN, cast.BORN.replace(year=1950), None]),
        sex=st.sampled_from(["female", "male"]),
    )


def entries() -> st.SearchStrategy[AssessmentEntry]:
    """Provisional or final, with the age stated so that any patient can be scored."""
    finding = st.sampled_from([None, True, False])
    return st.builds(
        lambda mvh, days, chloride, pdw, trauma: cast.worked_example(
            mvh_restored=mvh,
            radiograph_date=None,
            operation_date=cast.OPERATION + timedelta(days=days),
            age_years=79,
            chloride_mmol_l=cast.measured(chloride),
            pdw_fl=cast.measured(pdw),
            trauma_history=trauma,
        ),
        finding,
        st.sampled_from([0, 0, 0, 1, 3, 10, 40]),
        st.sampled_from(["105", "96", "113,5"]),
        st.sampled_from(["12.80", "7", "34.8"]),
        st.booleans(),
    )


def outcomes() -> st.SearchStrategy[OutcomeEntry]:
    time_points = st.sampled_from([3, 30])
    days = st.sampled_from([0, 2, 3, 4, 30, 31, 44])
    return st.one_of(
        st.builds(
            lambda time_point, vas, day, fracture: acts.measured(
                time_point,
                vas,
                cast.OPERATION + timedelta(days=day),
                None if time_point == 3 else fracture,
            ),
            time_points,
            st.sampled_from([0, 3, 4, 5, 10]),
            days,
            st.sampled_from([None, False]),
        ),
        st.builds(acts.not_evaluable, time_points, st.sampled_from(["lost", "died", "not_asked"])),
    )
