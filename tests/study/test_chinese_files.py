"""Cohort files as a Chinese spreadsheet saves them, and blank lines above the header."""

import io

import pytest
from django.conf import settings

from scoring.evaluation.case_mix import OUTCOME
from scoring.study.cohort_errors import CohortFileError
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.headers import CHINESE_HEADERS, COLUMNS, IDENTIFIER
from scoring.study.wording import cohort_error_text, reading_lines

HEADER = "住院号,年龄,T值,外伤史,后方筋膜水肿,血小板分布宽度,氯,椎体中部高度恢复,残余腰背痛"
ROWS = ["A1,80,-2.0,有,是,12.80,105,否,是", "A2,72,-3.6,有,无,12.8,104,是,否"]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"
ENGLISH = (
    "id,age_years,t_score,trauma_history,posterior_fascia_edema,pdw_fl,chloride_mmol_l,"
    "mvh_restored,rbp\n"
)
PLAIN = f"{ENGLISH}A1,80,-2.0,1,1,12.80,105,0,1\nA2,72,-3.6,1,0,12.8,104,1,0\n"


def read(text: str, encoding: str = "utf-8") -> CohortFile:
    return read_cohort(io.BytesIO(text.encode(encoding)))


def refusal(text: str, encoding: str = "utf-8") -> CohortFileError:
    with pytest.raises(CohortFileError) as caught:
        read(text, encoding)
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("gbk", "GB18030")],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_chinese_file(encoding: str, said: str, separator: str) -> None:
    found = read(TEXT.replace(",", separator), encoding)
    assert found.encoding == said
    assert found.patients_sha256 == read(PLAIN).patients_sha256
    assert found.ids == ("A1", "A2")
    assert found.ignored == ()


def test_how_it_was_read_is_said() -> None:
    assert list(reading_lines(read(PLAIN))) == []
    assert list(reading_lines(read(f"\n,,,,,,,,\n{TEXT}", "gb18030"))) == [
        "Encoding: read as GB18030.",
        "Header: row 3; the rows above it are empty.",
        "Headers: read 住院号 = id, 年龄 = age_years, T值 = t_score, 外伤史 = trauma_history, "
        "后方筋膜水肿 = posterior_fascia_edema, 血小板分布宽度 = pdw_fl, 氯 = chloride_mmol_l, "
        "椎体中部高度恢复 = mvh_restored, 残余腰背痛 = rbp.",
        "Answers: read 是 and 有 as yes, 否 and 无 as no, in trauma_history, "
        "posterior_fascia_edema, mvh_restored, rbp.",
    ]


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("T值", "Ｔ值"),
        ("T值", "t 值"),
        ("年龄", "年龄（岁）"),
        ("血小板分布宽度", "血小板分布宽度(fL)"),
        ("氯", "血氯（mmol/L）"),
        ("氯", "血清氯 [mEq/L]"),
        ("外伤史", "外伤史（有/无）"),
        ("血小板分布宽度", "PDW_fL"),
    ],
)
def test_spellings_of_a_header(plain: str, written: str) -> None:
    found = read(TEXT.replace(plain, written, 1))
    assert found.patients_sha256 == read(PLAIN).patients_sha256


@pytest.mark.parametrize(("column", "name"), [(c, n) for c in COLUMNS for n in CHINESE_HEADERS[c]])
def test_every_name_of_the_table(column: str, name: str) -> None:
    found = read(PLAIN.replace(column, name, 1))
    assert found.headers == {column: name}


def test_the_documents_have_every_name() -> None:
    """Those of predictors stand in the other one: tests/files/test_headings.py."""
    text = (settings.BASE_DIR / "docs" / "statistics.md").read_text(encoding="utf-8")
    for column in (IDENTIFIER, OUTCOME):
        assert f"`{column}` may be {', '.join(CHINESE_HEADERS[column])}" in text


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        # Per cent and mg/dL are other numbers.
        (TEXT.replace("血小板分布宽度", "血小板分布宽度(%)"), "other_unit", "pdw_fl"),
        (TEXT.replace("氯", "氯（mg/dL）"), "other_unit", "chloride_mmol_l"),
        # It may be in g/cm².
        (TEXT.replace("T值", "骨密度"), "missing_column", "t_score"),
        # 1 may mean no.
        (TEXT.replace("外伤史", "外伤史(1=无)"), "missing_column", "trauma_history"),
        (TEXT.replace(",年龄", ",病历号"), "ambiguous_column", "id"),
        (TEXT.replace("有,是", "不详,是"), "not_yes_or_no", "trauma_history"),
    ],
)
def test_what_is_ambiguous_is_refused(text: str, code: str, column: str) -> None:
    error = refusal(text)
    assert (error.code, error.column) == (code, column)
    assert column in cohort_error_text(error)


def test_the_own_name_of_a_column_comes_first() -> None:
    found = read(PLAIN.replace("\n", ",X\n").replace("rbp,X", "rbp,住院号"))
    assert (found.ids, found.ignored) == (("A1", "A2"), ("住院号",))


def test_english_headers_with_chinese_answers() -> None:
    text = PLAIN.replace(",0\n", ",否\n").replace(",1\n", ",是\n")
    found = read(text, "gb18030")
    assert (found.encoding, found.chinese_answers) == ("GB18030", ("rbp",))


@pytest.mark.parametrize(
    ("column", "name"), [("id", "编号"), ("rbp", "残余腰背痛"), ("pdw_fl", "血小板分布宽度(fL)")]
)
def test_one_chinese_header_tells_the_encoding(column: str, name: str) -> None:
    found = read(PLAIN.replace(column, name, 1), "gb18030")
    assert (found.encoding, found.headers) == ("GB18030", {column: name})


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace("A1", "größe").encode("latin-1"),
        PLAIN.replace("A1", "张三").encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.encode("big5", "replace").replace(b"?", b"\xff"),
    ],
)
def test_other_encodings_are_refused(content: bytes) -> None:
    with pytest.raises(CohortFileError, match="not_utf8"):
        read_cohort(io.BytesIO(content))


@pytest.mark.parametrize("above", ["\n", "\r\n\r\n", ",,,,,,,,\n", " \n \n"])
def test_blank_lines_above_the_header_are_counted(above: str) -> None:
    found = read(above + PLAIN)
    assert found.header_row == above.count("\n") + 1
    assert found.patients_sha256 == read(PLAIN).patients_sha256
    error = refusal(above + PLAIN.replace("72", "30"))
    assert (error.row, error.column) == (found.header_row + 2, "age_years")
    again = refusal(above + PLAIN.replace("A2", "A1"))
    assert (again.code, again.row) == ("duplicate_id", found.header_row + 2)


def test_full_width_answers() -> None:
    assert (
        read(PLAIN.replace(",1,1,", ",１,Ｙｅｓ,")).patients_sha256 == read(PLAIN).patients_sha256
    )
