"""A full disk: under the database, and under temporary files."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from tests.faults.browser import Answer, Browser, Saving, form_of
from tests.faults.conftest import Site, Ward, until
from tests.scripts.conftest import CHECKOUT

MOST_SAVES_ON_A_FULL_DISK = 60


class SiteOfScriptServer(Site):
    """As ``script/server`` starts it, with log files in the data folder."""

    @property
    def command(self) -> list[str]:
        of_port = ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        return ["script.lib.site", *of_port]


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        block = b"\0" * 65_536
        while block:
            try:
                while file.write(block):
                    pass
            except OSError:
                block = block[: len(block) // 2]
    return path


def fill_the_log(ward: Ward) -> None:
    """Ask for new segments of the database's log until there is no room for one."""
    for _ in range(10):
        ward.query("create table if not exists filling(a int)")
        ward.query("drop table filling")
        ward.query("select pg_switch_wal()", user="postgres")


def test_full_under_the_database_nothing_acknowledged_is_lost(
    ward: Ward, small_disk: Path | None
) -> None:
    if small_disk is None:
        pytest.skip("this account may not mount a small disk")
    savings: list[Saving] = []
    with ward.serving() as site:
        browser = site.signed_in()
        savings.append(Saving("D-BEFORE"))
        savings[0].send_until_saved(browser)
        filler = fill(small_disk)
        try:
            # What is left in the database's own files may do for some.
            while not savings[-1].answers or savings[-1].answers[-1].is_saved:
                assert len(savings) < MOST_SAVES_ON_A_FULL_DISK, "the disk is not full"
                savings.append(Saving(f"D{len(savings)}"))
                savings[-1].send(browser)
            refused = savings[-1].answers[-1]
            assert refused.status == 503
            assert "A disk of the server is full" in refused.text
            ready = browser.get("/readyz")
            assert (ready.status, '"disk": "data: 0 MB are free' in ready.text) == (503, True)
            # The worst case: the log of the database itself finds no room, and it gives up.
            with pytest.raises(psycopg2.Error):
                fill_the_log(ward)
            last = Saving("D-LAST")
            assert last.send(browser).status == 503
        finally:
            filler.unlink()
            ward.private.must("start")
        fields = form_of(last.answers[-1]).fields
        last.answers.append(browser.post("/assessments/new", fields))
        assert last.answers[-1].is_saved
        for saving in savings:
            saving.send_until_saved(browser)
        until(lambda: browser.get("/readyz").status == 200, "readiness")
    ward.must_hold_exactly_once([*savings, last])


def test_full_under_temporary_files_saves_and_reports_go_on(
    ward: Ward, small_disk: Path | None
) -> None:
    if small_disk is None:
        pytest.skip("this account may not mount a small disk")
    folder = small_disk / "tmp"
    with own_disk(folder), ward.serving(TMPDIR=str(folder)) as site:
        browser = site.signed_in()
        filler = fill(folder)
        try:
            # Neither forms nor reports need them.
            saving = Saving("T-FULL")
            saving.send_until_saved(browser)
            report = browser.get(f"/assessments/{saving.ids.pop()}/report")
            assert (report.status, report.body[:5]) == (200, b"%PDF-")
            ready = browser.get("/readyz")
            assert (ready.status, '"temporary files: 0 MB are free' in ready.text) == (503, True)
            # A file sent along is not read: the form is shown, which is empty.
            assert send_large_file(browser).status == 422
        finally:
            filler.unlink()
        until(lambda: browser.get("/readyz").status == 200, "readiness")
    ward.must_hold_exactly_once([saving])


def test_full_under_the_data_folder_only_backups_and_logs_stop(
    ward: Ward, small_disk: Path | None
) -> None:
    """The database lies elsewhere, as that of a hospital."""
    if small_disk is None:
        pytest.skip("this account may not mount a small disk")
    folder = small_disk / "data"
    settings = {"RBP_DATA_DIR": str(folder), "RBP_STATIC_DIR": str(ward.folder / "static")}
    with own_disk(folder):
        (folder / "logs").mkdir()
        with replace(ward, site_class=SiteOfScriptServer).serving(**settings) as site:
            browser = site.signed_in()
            filler = fill(folder)
            try:
                saving, draft = Saving("F-FULL"), Saving("F-DRAFT")
                saving.send_until_saved(browser)
                typed = draft.fields | {"save": "unfinished", **owned(browser)}
                assert browser.post("/assessments/new", typed).headers["Location"] == "/"
                assert "F-DRAFT" in browser.get("/").text
                report = browser.get(f"/assessments/{saving.ids.copy().pop()}/report")
                assert (report.status, report.body[:5]) == (200, b"%PDF-")
                # Until the room that the log files have themselves is used up, too.
                for _ in range(100):
                    assert browser.get("/patients/F-ADDRESS").status == 404
                ready = browser.get("/readyz")
                assert (ready.status, '"disk": "data: 0 MB are free' in ready.text) == (503, True)
                failed = backup(site)
                assert failed.returncode == 1
                assert "No backup was made" in failed.stdout + failed.stderr
                assert "Traceback" not in failed.stdout + failed.stderr
                assert not list(folder.glob("backups/*.dump*"))
            finally:
                filler.unlink()
            until(lambda: browser.get("/readyz").status == 200, "readiness")
            written = (folder / "logs" / "access.log").read_text()
            assert written.endswith("\n")
            assert "view=readyz status=200" in written.splitlines()[-1]
            made = backup(site)
            assert made.returncode == 0, made.stdout + made.stderr
        # What could not be logged is not told elsewhere with what was typed.
        said = (ward.folder / f"site-{site.port}.log").read_text()
        assert not re.search("F-FULL|F-DRAFT|F-ADDRESS|Logging error", said)
    ward.must_hold_exactly_once([saving])


def owned(browser: Browser) -> dict[str, str]:
    """What a page puts into its form: the secret of forms, and the mark of whose it is."""
    fields = form_of(browser.get("/assessments/new")).fields
    return {name: fields[name] for name in ("csrfmiddlewaretoken", "kept_for")}


def backup(site: Site) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CHECKOUT / "script" / "backup"],
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def own_disk(folder: Path) -> Iterator[None]:
    """Eight megabytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "rbp-test", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def send_large_file(browser: Browser) -> Answer:
    """The form of a new assessment with nothing in it but a file of three megabytes."""
    boundary = "rbp-boundary"
    parts = [
        f'Content-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{browser.token}',
        'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{'1' * 3_000_000}",
    ]
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return browser.upload("/assessments/new", body.encode(), boundary)
