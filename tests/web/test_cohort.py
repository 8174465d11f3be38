"""The page "Table of patients": check, score, keep columns; nothing of the table is stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent, LaboratoryColumns
from tests import cast
from tests.files.tables import HEADER, WORKED, changed, csv_of, rows_in
from tests.files.test_csv import CHINESE
from tests.importing.tables import details
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
LIVE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


@pytest.fixture
def no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What is sent must not reach a disk."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


def sent(client: Client, content: bytes, to: str = "cohort", **said: str) -> HttpResponse:
    table = SimpleUploadedFile("王秀兰.csv", content)
    return client.post(reverse(to), {**said, "table": table}, **LIVE)  # type: ignore[return-value, arg-type]


def downloaded(client: Client, content: bytes, name: str, **said: str) -> list[dict[str, str]]:
    response = client.post(
        reverse(name), {**said, "table": SimpleUploadedFile("table.csv", content)}
    )
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
    return rows_in(b"".join(response.streaming_content).decode())  # type: ignore[attr-defined]


@pytest.mark.usefixtures("no_files")
def test_check_and_download(client: Client) -> None:
    content = csv_of(WORKED, changed(pdw_fl="溶血"), changed(mvh_restored=""), *[WORKED] * 90_000)
    assert len(content) > 2_621_440, "Django itself writes larger files to a disk"
    page = Page(sent(client, content))
    assert "90002 of 90003 rows" in page.text
    assert "Row 3, column pdw_fl" in page.text
    rows = downloaded(client, content, "cohort-results")
    assert len(rows) == 90_003
    assert rows[0]["total_points"] == rows[-1]["total_points"] == "183.886000"
    (mend,) = downloaded(client, content, "cohort-mend")
    assert mend["row"] == "3"
    # Neither the name of the file nor a value of it is in the log.
    assert details(Action.TABLE_CHECKED) == [{"rows": 90_003}] * 3
    counted = {"rows": 90_003, "refused": 1}
    assert details(Action.TABLE_SCORED) == [
        counted | {"of": "results"},
        counted | {"of": "to-mend"},
    ]


def test_results_speak_the_language_of_the_page(client: Client) -> None:
    client.post(reverse("language"), {"language": "zh-hans", "next": "/cohort"})
    rows = downloaded(client, CHINESE.encode("gb18030"), "cohort-results")
    assert rows[0]["cautions"].startswith("注意")
    page = Page(sent(client, CHINESE.encode("gb18030")))
    assert "血小板分布宽度(fL)" in page.text


def test_columns_are_chosen_and_kept(client: Client) -> None:
    content = csv_of(changed(trauma_history="1")).replace(b"pdw_fl", b"PLT-DW")
    content = content.replace(b"trauma_history", "外伤".encode())
    page = Page(sent(client, content))
    (missing,) = page.beside("column_pdw_fl")
    assert missing.startswith("Error: The column pdw_fl is missing")
    assert 'aria-describedby="column-pdw_fl-error"' in page.html
    assert "Download the results" not in page.text
    said = {"was_checked": "on", "column_pdw_fl": "PLT-DW", "column_trauma_history": "外伤"}
    assert "has no unit" in Page(sent(client, content, **said)).text
    said |= {"unit_pdw_fl": "on", "one_is_yes": "on"}
    assert "1 of 1 rows can be scored" in Page(sent(client, content, **said)).text
    kept = Page(sent(client, content, "cohort-columns", name="City laboratory", **said))
    assert "kept as those of City laboratory" in kept.text
    # Somebody else chooses the laboratory, and nothing more.
    bob = signed_in(cast.bob())
    laboratory = str(LaboratoryColumns.objects.get().pk)
    (row,) = downloaded(bob, content, "cohort-results", laboratory=laboratory)
    assert row["total_points"] == "183.886000"
    (detail,) = details(Action.COLUMNS_KEPT)
    assert detail["name"] == "City laboratory"
    # Kept once more under the same name, they replace the first.
    sent(client, content, "cohort-columns", name="City laboratory", **said)
    assert LaboratoryColumns.objects.count() == 1


def test_one_column_is_not_chosen_twice(client: Client) -> None:
    said = {"was_checked": "on", "column_posterior_fascia_edema": "trauma_history"}
    page = Page(sent(client, csv_of(WORKED), **said))
    assert "“trauma_history” is chosen for another predictor, too." in page.text
    assert page.value("column_posterior_fascia_edema") == "trauma_history"
    assert "Download the results" not in page.text


def test_columns_that_were_not_shown_are_not_kept(client: Client) -> None:
    said = {"was_checked": "on", "name": "City laboratory"}
    sent(client, csv_of(WORKED), "cohort-columns", **said, column_pdw_fl="pdw_fl")
    kept = LaboratoryColumns.objects.get()
    # The laboratory was chosen after the check: what is on the screen are no columns of it.
    other = {**said, "laboratory": str(kept.pk), "column_pdw_fl": "chloride_mmol_l"}
    page = Page(sent(client, csv_of(WORKED), "cohort-columns", **other))
    assert "Another laboratory was chosen" in page.text
    assert page.value("column_pdw_fl") == "pdw_fl"
    # Nor are there any of a file that can't be read.
    sent(client, b"PK\x03\x04", "cohort-columns", **said)
    assert LaboratoryColumns.objects.get().headers == {"pdw_fl": "pdw_fl"}


def test_header_with_a_line_break_can_be_chosen(client: Client) -> None:
    header = [{"id": "编\n号", "pdw_fl": "PLT-\nDW"}.get(name, name) for name in HEADER]
    content = csv_of(WORKED, header=header)
    page = Page(sent(client, content))
    assert '<option value="PLT- DW"' in page.html
    # A browser sends a line break as CR and LF, whatever stands in the page.
    for chosen in ("PLT- DW", "PLT-\r\nDW"):
        said = {"was_checked": "on", "column_pdw_fl": chosen, "unit_pdw_fl": "on"}
        assert "1 of 1 rows can be scored" in Page(sent(client, content, **said)).text
    said = {"key": "编 号"}
    assert (
        'value="编 号" selected' in Page(sent(client, content, "cohort-import-check", **said)).html
    )


def test_columns_without_a_name_are_not_kept(client: Client) -> None:
    said = Page(sent(client, csv_of(WORKED), "cohort-columns", was_checked="on")).text
    assert "Name the laboratory" in said
    assert not LaboratoryColumns.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (csv_of(WORKED).replace(b"pdw_fl", b"PDW (%)"), "converted. Ask the laboratory"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"a,b\n1,2\n", "No header"),
        (b"a,b,c,d,e,f,g\n1,2,3,4,5,6,7\n", "No header"),
    ],
)
def test_refused_table(client: Client, content: bytes, said: str) -> None:
    page = Page(sent(client, content))
    assert said in page.text
    assert "Download" not in page.text
    # Asked for all the same, it is refused in the same words.
    assert said in Page(sent(client, content, "cohort-results")).text


def test_too_large_a_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TABLE_MB", 1)
    content = csv_of(*[WORKED] * 40_000)
    assert "larger than 1 MB" in Page(sent(client, content)).text
    assert details(Action.TABLE_CHECKED) == []


def test_no_file(client: Client) -> None:
    response = client.post(reverse("cohort"))
    assert response.status_code == 422
    assert "no file chosen" in Page(response).text


@pytest.mark.parametrize("address", ["calculator", "assessment-new", "sign-in"])
def test_other_pages_take_no_file(client: Client, address: str) -> None:
    table = SimpleUploadedFile("x.csv", b"x" * 100)
    response = client.post(reverse(address), {"table": table})
    assert not response.wsgi_request.FILES


def test_who_may_not_score_sends_nothing() -> None:
    response = sent(signed_in(cast.rita()), csv_of(WORKED))
    assert response.status_code == 403
    assert not response.wsgi_request.FILES  # type: ignore[attr-defined]


@pytest.mark.as_owner
def test_nothing_of_the_table_is_in_the_database(client: Client) -> None:
    content = csv_of(("zzz-number", *WORKED[1:]), ("zzz-number", "溶血", *WORKED[2:]))
    sent(client, content)
    downloaded(client, content, "cohort-results")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM scoring_auditevent t")
        (log,) = cursor.fetchone()
    assert "zzz-number" not in log
    assert "溶血" not in log
