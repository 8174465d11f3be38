"""What somebody does who has just found the README: once as root, once as an ordinary user."""

import re
import socket
import statistics
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from scoring.nomogram.eligibility import Criterion, study_answer
from script.lib.abort import Abort
from script.lib.fresh.bare import HOME, System, say_made
from script.lib.fresh.browser import Browser
from script.lib.fresh.steps import Running, Steps, say

_NUMBER = "FRESH-1"
_OPERATION = date.today() - timedelta(days=3)
# The worked example of the paper, on days that need no confirmation: 80 years old.
_EXAMPLE = {
    **{"hospital_number": _NUMBER, "family_name": "Wang", "given_name": "Xiulan"},
    **{"birth_date": f"{_OPERATION.year - 80}-01-01", "sex": "female", "fracture_level": "L1"},
    **{"operation_status": "done", "operation_date": f"{_OPERATION}"},
    **{criterion.value: study_answer(criterion).value for criterion in Criterion},
    **{"t_score": "-2.0", "dxa_site": "lumbar_spine"},
    **{"trauma_history": "yes", "posterior_fascia_edema": "yes"},
    **{"pdw_fl": "12.80", "pdw_unit": "fL", "pdw_date": f"{_OPERATION}"},
    **{"chloride_mmol_l": "105", "chloride_date": f"{_OPERATION}"},
    **{"mvh_restored": "no", "radiograph_date": f"{_OPERATION + timedelta(days=1)}"},
}
_POINTS, _RISK = "183.89", "76"
_PART = "tests/nomogram tests/report tests/browser/test_main_job.py tests/browser/test_printing.py"
_PAIRS = 3
# What the first start says when it has all packages.
_HAS_PACKAGES = "Making a PostgreSQL database"


def try_everything(release: str, folder: Path, *, with_tests: bool) -> None:
    """Make the systems in a folder and try both ways. Raises ``Abort`` where something fails."""
    steps = Steps()
    try:
        with steps.step(f"Bare {release} by debootstrap: minbase, git, python3, ca-certificates"):
            bare = System.make(folder / "bare", release)
            say_made(bare)
        root = bare.copy(folder / "root", "root")
        reports = [_journey(steps, root, "root")]
        with steps.step("root: script/test" if with_tests else "root: script/test, a part"):
            root.run("script/test" if with_tests else f"script/test {_PART}")
        ward = bare.copy(folder / "ward", "ward")
        with steps.step("user: what script/server asks an administrator for"):
            _as_administrator(ward)
        reports.append(_journey(steps, ward, "user"))
        with steps.step("Text of both reports"):
            for number, report in enumerate(reports):
                _check_report(root, f"report-{number}.pdf", report)
    finally:
        steps.print()
    say(f"{release}: everything went as the README says.")


def _journey(steps: Steps, system: System, who: str) -> bytes:
    """From the first start to an assessment found again; the report."""
    with steps.step(f"{who}: script/server, first start to first answer"):
        running, browser = _serve(system)
        answered = running.seconds
    steps.add(f"{who}:   of it Debian and Python packages", f"{_package_seconds(running):.1f} s")
    steps.add(f"{who}:   own work", f"{answered - _package_seconds(running):.1f} s")
    steps.add(f"{who}:   longest time without a line", f"{_longest_silence(running):.1f} s")
    password = re.search(r"^ *password +(\S+)$", running.text, re.MULTILINE)
    if not password:
        raise Abort("The first start printed no password.")
    with steps.step(f"{who}: sign in, save the worked example"):
        _sign_in(browser, password[1])
        result = browser.send("/assessments/new", _EXAMPLE)
        if not re.fullmatch(r"/assessments/[0-9a-f-]{36}", result.address.partition("?")[0]):
            raise Abort(f"The assessment was not saved:\n{_readable(result.text)[:3000]}")
        _must_hold(result.text, _POINTS, _RISK)
        say(f"Saved: {result.address}, {_POINTS} points, {_RISK} %")
    with steps.step(f"{who}: print the report"):
        report = browser.open(f"{result.address.partition('?')[0]}/report")
        if report.kind != "application/pdf":
            raise Abort(f"The report is {report.kind}.")
        say(f"A PDF of {len(report.body):,} bytes")
    with steps.step(f"{who}: Ctrl-C"):
        running.press_ctrl_c()
    with steps.step(f"{who}: start again, find the assessment"):
        running, browser = _serve(system)
        _sign_in(browser, password[1])
        if result.address.partition("?")[0] not in browser.open("/history").text:
            raise Abort("The history does not show the assessment after a restart.")
        running.press_ctrl_c()
    with steps.step(f"{who}: {_PAIRS} prepared starts beside {_PAIRS} imports"):
        start, load = _prepared_start(system)
    steps.add(f"{who}:   prepared start to first answer", f"{start:.2f} s")
    steps.add(f'{who}:   python -c "import django, weasyprint"', f"{load:.2f} s")
    steps.add(f"{who}:   ratio", f"{start / load:.2f}")
    return report.body


def _serve(system: System) -> tuple[Running, Browser]:
    """Start script/server and wait until it answers or ends, however long that takes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = system.start(f"script/server --port {port}")
    browser = Browser(port)
    while not browser.answers():
        if running.has_ended():
            raise Abort(f"script/server ended with exit code {running.wait()}.")
        time.sleep(0.05)
    return running, browser


def _sign_in(browser: Browser, password: str) -> None:
    page = browser.send("/sign-in", {"username": "admin", "password": password})
    if page.address.startswith("/sign-in"):
        raise Abort("Signing in with the printed password failed.")


def _as_administrator(system: System) -> None:
    """Run as root what the first start tells an account that may not install packages."""
    first = system.start("script/server")
    if first.wait() != 1:
        raise Abort("script/server needs packages, but did not say so.")
    told = re.search(r"Ask an administrator to run:\n((?:  .*\n)+)", first.text)
    if not told:
        raise Abort("script/server did not say what an administrator has to run.")
    system.run("apt-get update -qq", user="root")
    for command in told[1].splitlines():
        system.run(
            f"env DEBIAN_FRONTEND=noninteractive {command.strip()} -y -qq >/dev/null", user="root"
        )


def _prepared_start(system: System) -> tuple[float, float]:
    """Medians of seconds to the first answer, and to import Django and WeasyPrint."""
    starts, loads = [], []
    for _ in range(_PAIRS):
        running, _browser = _serve(system)
        starts.append(running.seconds)
        running.press_ctrl_c()
        loading = system.start('.venv/bin/python -c "import django, weasyprint"')
        loading.wait()
        loads.append(loading.seconds)
    return statistics.median(starts), statistics.median(loads)


def _package_seconds(running: Running) -> float:
    """How long packages were fetched and unpacked: until the database is made."""
    return next(line.seconds for line in running.lines if line.text.startswith(_HAS_PACKAGES))


def _longest_silence(running: Running) -> float:
    moments = [0.0, *(line.seconds for line in running.lines), running.seconds]
    return max(later - earlier for earlier, later in pairwise(moments))


def _check_report(system: System, name: str, report: bytes) -> None:
    """Read the report with the pdftotext that script/test has brought."""
    (system.folder / HOME.relative_to("/") / name).write_bytes(report)
    _must_hold(
        system.run(f"pdftotext -layout {name} -"), _POINTS, f"{_RISK} %", _NUMBER, "Wang, Xiulan"
    )


def _must_hold(text: str, *words: str) -> None:
    for word in words:
        if word not in text:
            raise Abort(f'"{word}" is missing in:\n{_readable(text)[:3000]}')


def _readable(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.S))
