"""``script/seed``: many synthetic chains that keep every rule of the record."""

from collections import Counter
from datetime import datetime

import pytest
from django.db import IntegrityError, connection
from django.db.models import Min

from scoring.entry.folding import cjk_characters, search_text
from scoring.entry.rules import completed_years
from scoring.models import (
    Assessment,
    AssessmentChain,
    IndexAssessment,
    Outcome,
    Patient,
    ReportCounter,
)
from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.abort import Abort
from script.lib.seeding import __main__ as command
from script.lib.seeding.seed import seed
from tests import cast
from tests.database_roles import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-03-14T12:00+08:00"
TABLES = (
    "scoring_patient",
    "scoring_assessmentchain",
    "scoring_assessment",
    "scoring_outcome",
    "scoring_indexassessment",
)


def _seed(assessments: int, random_seed: int = 1, *, append: bool = False, now: str = NOW) -> str:
    return seed(
        assessments=assessments,
        random_seed=random_seed,
        now=datetime.fromisoformat(now),
        append=append,
    )


def _schema() -> list[tuple[object, ...]]:
    """Constraints, indexes and triggers of the tables, with their state."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid),
                   convalidated::text
            FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[])
               OR confrelid = ANY(%(tables)s::regclass[])
            UNION ALL
            SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes
            WHERE tablename = ANY(%(tables)s)
            UNION ALL
            SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid),
                   tgenabled::text
            FROM pg_trigger WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal
            ORDER BY 1, 2, 3
            """,
            {"tables": list(TABLES)},
        )
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _broken_rules() -> list[str]:
    """Check constraints that some row breaks, asked of every row anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text, conname, pg_get_expr(conbin, conrelid)
            FROM pg_constraint
            WHERE contype = 'c' AND conrelid = ANY(%s::regclass[])
            """,
            [list(TABLES)],
        )
        checks = cursor.fetchall()
        assert len(checks) > 60
        broken = []
        for table, name, expression in checks:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE NOT ({expression})")  # noqa: S608
            if cursor.fetchone()[0]:
                broken.append(name)
        return broken


def test_five_hundred_keep_every_rule() -> None:
    before = _schema()
    assert "500 synthetic assessments on record" in _seed(500)
    assert _schema() == before
    assert _broken_rules() == []
    assert Assessment.objects.count() == 500
    assert not Patient.objects.filter(synthetic=False).exists()
    _chains_follow_their_versions()
    _scores_are_those_of_the_model()
    _patients_are_indexed()
    _outcomes_are_in_the_chains()


def _chains_follow_their_versions() -> None:
    serials: Counter[int] = Counter()
    for chain in AssessmentChain.objects.order_by("report_year", "report_serial"):
        versions = list(chain.versions.order_by("version"))
        assert [v.version for v in versions] == list(range(1, len(versions) + 1))
        assert [v.supersedes_id for v in versions] == [None, *(v.id for v in versions[:-1])]
        assert sorted(versions, key=lambda v: v.created_at) == versions
        current = versions[-1]
        assert chain.current_id == current.id
        assert (chain.state, chain.operation_date) == (current.state, current.operation_date)
        assert chain.synthetic
        first = next((version for version in versions if version.state == "final"), None)
        kept = IndexAssessment.objects.filter(chain=chain).first()
        assert (kept and kept.assessment_id) == (first and first.pk)
        if first and kept:
            assert kept.risk == first.risk_min
            assert kept.created_at == first.created_at
            assert (kept.t_score, kept.pdw_fl) == (float(first.t_score), float(first.pdw_fl))
        serials[chain.report_year] += 1
        assert chain.report_serial == serials[chain.report_year]
    assert dict(ReportCounter.objects.values_list("year", "last_serial")) == dict(serials)
    states = set(AssessmentChain.objects.values_list("state", flat=True))
    assert {"final", "provisional"} <= states
    assert {"new", "complete", "amend"} <= set(Assessment.objects.values_list("change", flat=True))


def _scores_are_those_of_the_model() -> None:
    for assessment in Assessment.objects.select_related("patient"):
        stored = assessment.result
        anew = RONG_2025.assess(stored.inputs)
        assert stored.points == anew.points
        assert stored.cautions == anew.cautions
        assert stored.model == anew.model
        for kept, computed in zip(stored.scenarios, anew.scenarios, strict=True):
            assert kept.code == computed.code
            assert kept.risk == pytest.approx(computed.risk, abs=1e-12)
            assert kept.total_points == pytest.approx(computed.total_points, abs=1e-9)
            assert tuple(kept.ci95) == pytest.approx(tuple(computed.ci95), abs=1e-12)
            assert tuple(kept.band) == pytest.approx(tuple(computed.band), abs=1e-12)
        born = assessment.birth_date
        assert born == assessment.patient.birth_date
        if born is not None:
            assert completed_years(born, assessment.operation_date) == assessment.age_years


def _patients_are_indexed() -> None:
    for patient in Patient.objects.all():
        assert patient.search_name == search_text(patient.family_name, patient.given_name)
        assert patient.search_characters == cjk_characters(patient.search_name)
    with_characters = Patient.objects.exclude(search_characters=[]).count()
    assert 0 < with_characters < Patient.objects.count()


def _outcomes_are_in_the_chains() -> None:
    for outcome in Outcome.objects.select_related("chain"):
        if outcome.measured_on is not None and outcome.chain.operation_date is not None:
            assert outcome.measured_on > outcome.chain.operation_date
    for chain in AssessmentChain.objects.all():
        for day, known, vas, on in (
            (3, chain.day_3, chain.vas_day_3, chain.vas_day_3_on),
            (30, chain.day_30, chain.vas_day_30, chain.vas_day_30_on),
        ):
            last = chain.outcomes.filter(time_point=day).order_by("-version").first()
            assert known == (
                "open"
                if last is None
                else "measured"
                if last.not_evaluable == ""
                else "not_evaluable"
            )
            assert vas == (None if last is None else last.vas)
            assert on == (None if last is None else last.measured_on)
        known_at = chain.outcomes.filter(vas__isnull=False).aggregate(Min("created_at"))
        assert chain.vas_known_at == known_at["created_at__min"]


def test_rows_are_guarded_again() -> None:
    _seed(5)
    with connection.cursor() as cursor, pytest.raises(Exception, match="Cannot update or delete"):
        cursor.execute("UPDATE scoring_assessment SET age_years = 60")
    first = AssessmentChain.objects.order_by("report_serial")[0]
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(
            "INSERT INTO scoring_assessmentchain"
            " (id, report_year, report_serial, state, day_3, day_30)"
            " VALUES (gen_random_uuid(), %s, %s, '', 'open', 'open')",
            [first.report_year, first.report_serial],
        )


def test_whatever_reads_in_the_same_transaction_can_use_the_indexes() -> None:
    """Digests ask for the chain of each row: without its key a million of them would take days."""
    with connection.cursor() as cursor:
        # A row that is changed stays on its page then, as it happens by chance elsewhere.
        cursor.execute("ALTER TABLE scoring_assessmentchain SET (fillfactor = 50)")
        _seed(2000)
        cursor.execute("ALTER TABLE scoring_assessmentchain RESET (fillfactor)")
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indcheckxmin"
            " AND indrelid = ANY(%s::regclass[])",
            [list(TABLES)],
        )
        assert cursor.fetchall() == []
    assert AssessmentChain.objects.filter(patient_died=True).exists()


def test_the_same_seed_makes_the_same_rows() -> None:
    _seed(40)
    first = list(Assessment.objects.order_by("id").values_list("id", "restored_risk", "created_at"))
    other = _rows_after_emptying(40, random_seed=1)
    assert other == first
    assert _rows_after_emptying(40, random_seed=2) != first


def _rows_after_emptying(assessments: int, random_seed: int) -> list[tuple[object, ...]]:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, scoring_reportcounter CASCADE")
    _seed(assessments, random_seed)
    return list(Assessment.objects.order_by("id").values_list("id", "restored_risk", "created_at"))


def test_real_patients_are_left_alone() -> None:
    cast.recorded()
    for append in (False, True):
        with pytest.raises(Abort, match="real patients"):
            _seed(5, append=append)
    assert Assessment.objects.count() == 1


def test_more_is_added_only_when_asked() -> None:
    _seed(30)
    with pytest.raises(Abort, match="--append"):
        _seed(30, random_seed=2)
    assert "60 synthetic assessments on record" in _seed(30, random_seed=2, append=True)
    assert _broken_rules() == []
    _chains_follow_their_versions_of_two_loads()


def _chains_follow_their_versions_of_two_loads() -> None:
    for year, last in ReportCounter.objects.values_list("year", "last_serial"):
        serials = AssessmentChain.objects.filter(report_year=year).values_list(
            "report_serial", flat=True
        )
        assert sorted(serials) == list(range(1, last + 1))


@pytest.mark.parametrize(
    ("assessments", "now", "said"),
    [(0, NOW, "1 or more"), (5, "2026-03-14T12:00", "with its time zone")],
)
def test_what_makes_no_sense_is_refused(assessments: int, now: str, said: str) -> None:
    with pytest.raises(Abort, match=said):
        _seed(assessments, now=now)
    assert not Assessment.objects.exists()


def test_an_empty_address_stands_for_the_private_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in .env where it is a copy of .env.example."""

    def started(_cluster: object) -> None:
        raise Abort("PostgreSQL was started.")

    monkeypatch.setattr(command, "read_env_file", lambda: monkeypatch.setenv("DATABASE_URL", ""))
    monkeypatch.setattr(command, "say_started", started)
    with pytest.raises(Abort, match="was started"):
        command.main(["--assessments", "1"])


def test_a_single_one() -> None:
    _seed(1)
    assert Assessment.objects.count() == 1
    assert _broken_rules() == []
