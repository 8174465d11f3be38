"""What commands say on a terminal, and papers, in Chinese: no English is left."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import DjangoHelpFormatter
from django.utils.translation import override
from pypdf import PdfReader

from scoring.models import PaperKind, Patient
from scoring.report import chart_note, renderer
from scoring.report.paper import HTML
from scoring.report.sheet import Sheet
from scoring.study.headers import COLUMNS
from scoring.study.text_table import columns
from tests import cast
from tests.languages.full_width import lines_of, wrong_marks
from tests.languages.latin import left_in_latin, texts_of
from tests.languages.test_pages import QUOTED

EXAMPLE = ["--age", "80", "--t-score", "-2.0", "--trauma", "yes", "--edema", "yes"]
EXAMPLE += ["--pdw", "12.8", "--chloride", "105"]


@pytest.mark.parametrize("height", ["no", "unknown"])
def test_score_answers_in_chinese(height: str) -> None:
    said = io.StringIO()
    with override("zh-hans"):
        call_command("score", *EXAMPLE, "--mvh", height, stdout=said)
    lines = said.getvalue().splitlines()
    assert any("76%" in line for line in lines)
    assert left_in_latin(lines, quoted=QUOTED) == []


@pytest.mark.slow
def test_a_validation_of_a_file_answers_in_chinese(tmp_path: Path) -> None:
    file, said = tmp_path / "cohort.csv", io.StringIO()
    call_command("synthetic_cohort", "--n", "600", "--seed", "1", "--output", str(file))
    with override("zh-hans"):
        call_command("validate_model", str(file), stdout=said)
    lines = [line.replace(str(file), "") for line in said.getvalue().splitlines()]
    assert len(lines) > 20
    columns = ("age_years", "pdw_fl", "chloride_mmol_l", "type 7")
    assert left_in_latin(lines, quoted=(*QUOTED, *columns)) == []


def test_help_is_in_chinese() -> None:
    """But for the words of argparse and Django, which have no translation."""
    ours = [name for name, app in get_commands().items() if app == "scoring"]
    names = (
        *(
            *ours,
            "HL7 v2",
            "ORU^R01",
            "MLLP",
            "RBP_AUDIT_SHIP",
            "RBP_HL7_LISTEN",
            "SIGTERM",
            "TABLE",
            "FILE.errors.csv",
            "number:digest",
        ),
        *("--json", "--anchor", "yes/no", "true/false", "null", "NA", "rong-2025", *COLUMNS),
    )
    of_django = DjangoHelpFormatter.show_last | {"--help"}
    # "t_score" before "score".
    quoted = sorted((*QUOTED, *names), key=len, reverse=True)
    left: dict[str, list[str]] = {}
    for name in ours:
        command = load_command_class("scoring", name)
        with override("zh-hans"):
            parser = command.create_parser("manage.py", name)
            said = parser.format_help()
        helps = [
            action.help % {"default": action.default}
            for action in parser._actions
            if action.help and not of_django & set(action.option_strings)
        ]
        assert parser.description
        assert parser.description[:20] in said
        left[name] = left_in_latin([parser.description, *helps], quoted=quoted)
        left[name] += wrong_marks([parser.description, *helps])
    assert {name: texts for name, texts in left.items() if texts} == {}
    assert len(left) >= 15


def test_a_chinese_help_keeps_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    with override("zh-hans"):
        said = (
            load_command_class("scoring", "score").create_parser("manage.py", "score").format_help()
        )
    assert max(map(columns, said.splitlines())) <= 72
    # No mark begins a line.
    assert not re.search(r"^\s*[，。；：？！、）》”]", said, re.M)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(HTML))
def test_paper_has_no_english_left(kind: str) -> None:
    for number, entry in (("H100234", None), ("H100235", cast.before_the_radiograph())):
        patient = cast.person(number, family_name="王", given_name="秀兰")
        assessment = cast.recorded(patient, *([entry] if entry else []))
        with override("zh-hans"):
            html = HTML[kind](assessment, printed_by="Dr Alice Moore", ward="骨科二病区")  # type: ignore[index]
            note = chart_note.chart_note(Sheet(assessment))
        assert '<html lang="zh-CN">' in html
        assert left_in_latin(texts_of(html), quoted=QUOTED) == []
        assert wrong_marks(lines_of(html)) == []
        assert left_in_latin(note.splitlines(), quoted=QUOTED) == []
    assert Patient.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.slow
def test_a_printed_report_is_in_chinese() -> None:
    with override("zh-hans"):
        patient = cast.person(family_name="王", given_name="秀兰")
        html = HTML[PaperKind.REPORT](cast.recorded(patient), printed_by="李秀兰", ward="")
    (page,) = PdfReader(io.BytesIO(renderer.pdf_of(html))).pages
    text = page.extract_text()
    for said in ("残余腰背痛", "76%", "58%～88%", "2025年3月13日", "第 1 页，共 1 页"):
        assert said in text, said
    assert wrong_marks(text.splitlines(), of_pdf=True) == []
