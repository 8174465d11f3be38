"""``script/fresh``: what can be looked at without making a system, which takes minutes."""

import subprocess
from pathlib import Path
from unittest import mock

import pytest

from script.lib.abort import Abort
from script.lib.fresh import __main__ as fresh
from script.lib.fresh import bare
from script.lib.fresh.browser import AnsweredPage, Browser
from script.lib.fresh.steps import Running

PAGE = """
<form method="get" action="/history"><input name="search" value="x"></form>
<form method="post" action="/assessments/new">
  <input type="hidden" name="token" value="t1"><input name="pdw_fl">
  <input type="radio" name="sex" value="female" checked><input type="radio" name="sex" value="male">
  <input type="checkbox" name="sure" value="1">
  <select name="unit"><option value="%">%</option><option value="fL" selected>fL</option></select>
  <textarea name="note"></textarea><input type="submit" name="draft" value="Save">
</form>
"""


def _sources(*lines: str) -> list[tuple[str, str, str]]:
    said = subprocess.CompletedProcess([], 0, stdout="\n".join(lines))
    with mock.patch("subprocess.run", return_value=said):
        return bare._sources("trixie")


def test_the_host_s_sources_serve_another_release() -> None:
    debian, security = "http://mirror.example/debian/", "http://mirror.example/security/"
    assert _sources(
        f"{debian} bookworm main",
        f"{debian} bookworm-updates main",
        f"{security} bookworm-security main",
        "http://other.example/ nodistro main",
    ) == [
        (debian, "trixie", "main"),
        (debian, "trixie-updates", "main"),
        (security, "trixie-security", "main"),
    ]


def test_without_a_source_of_debian_it_says_so() -> None:
    with pytest.raises(Abort, match="no source of bookworm or trixie"):
        _sources("http://mirror.example/ubuntu/ noble main")


def test_a_form_is_sent_with_what_stands_in_it_and_what_is_typed() -> None:
    browser = Browser(1)
    page = AnsweredPage("/assessments/new", 200, "text/html", PAGE.encode())
    with mock.patch.object(browser, "open", return_value=page) as opened:
        browser.send("/assessments/new", {"pdw_fl": "12.8", "sex": "male"})
    opened.assert_called_with(
        "/assessments/new", {"token": "t1", "sex": "male", "unit": "fL", "pdw_fl": "12.8"}
    )
    with (
        mock.patch.object(browser, "open", return_value=page),
        pytest.raises(Abort, match="has no form with chloride"),
    ):
        browser.send("/assessments/new", {"chloride": "105"})


def test_what_a_command_says_is_kept_with_its_time() -> None:
    running = Running(["sh", "-c", "echo one; echo two >&2; exit 3"], {"PATH": "/usr/bin:/bin"})
    assert running.wait() == 3
    assert running.text == "one\ntwo\n"
    assert [line.seconds for line in running.lines] == sorted(
        line.seconds for line in running.lines
    )


def test_only_root_may_make_a_system() -> None:
    with mock.patch("os.geteuid", return_value=1000), pytest.raises(Abort, match="only root"):
        fresh.main(["trixie"])


def test_the_folder_goes_in_every_case(tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    (folder / "left").write_text("over")
    failed = mock.Mock(side_effect=KeyboardInterrupt)
    with (
        mock.patch("os.geteuid", return_value=0),
        mock.patch.object(fresh, "_ensure_debootstrap"),
        mock.patch("signal.signal"),
        mock.patch("tempfile.mkdtemp", return_value=str(folder)),
        mock.patch.object(fresh, "_run_apart", failed),
        pytest.raises(KeyboardInterrupt),
    ):
        fresh.main(["bookworm"])
    assert not folder.exists()
