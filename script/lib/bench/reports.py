"""The command ``script/bench --reports``: what a PDF report takes, beside two others in turns.

Beside a warm Chromium that prints the same HTML, and beside another checkout of the product, the
build before. A report is made as the site makes it, HTML included; each one is new to its process.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

_WARM_UP = 6
_BROWSER = "Chromium, warm"
_CHROMIUM = "/usr/bin/chromium-headless-shell"
_TOLD_AT = (50, 100, 250, 500, 1000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed an empty database, measure, print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench --reports")
    parser.add_argument("--number", type=int, default=30, help="of different reports, default: 30")
    parser.add_argument("--before", type=Path, help="folder of a checkout of the build before")
    parser.add_argument(
        "--memory", type=int, default=1000, help="reports to watch the memory over, default: 1000"
    )
    chosen = parser.parse_args(arguments)
    keys = iter(_seeded(2 * (chosen.number + chosen.memory + _WARM_UP)))
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f} at the start.\n"
    )
    with ExitStack() as ends:
        makers = {"this build": ends.enter_context(_Maker(CHECKOUT))}
        if chosen.before:
            makers["the build before"] = ends.enter_context(_Maker(chosen.before.resolve()))
        printer = ends.enter_context(_chromium())
        _compare(makers, printer, keys, chosen.number)
        if chosen.memory:
            print("\n| reports made | renderer MB | process that asks MB |\n|---:|---:|---:|")
            _watch_memory(makers["this build"], keys, chosen.memory)
    return 0


def _seeded(assessments: int) -> list[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    from scoring.models import Assessment
    from script.lib.seeding.seed import seed

    call_command("migrate", interactive=False, verbosity=0)
    print(seed(assessments=assessments, random_seed=20250813, now=None, append=False))
    return [str(key) for key in Assessment.objects.order_by("id").values_list("pk", flat=True)]


class _Maker:
    """A process that makes reports in one checkout, by the Python of this one."""

    def __init__(self, checkout: Path) -> None:
        if not (checkout / "scoring/report/pdf.py").exists():
            raise Abort(f"{checkout} is no checkout of RBP risk.")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("report_maker.py"))],
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "_Maker":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def make(self, key: str) -> tuple[float, str]:
        """How many ms one report took, and its HTML. Raises Abort."""
        print(key, file=self._process.stdin, flush=True)
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said:
            raise Abort("A report could not be made.")
        answer = json.loads(said)
        return answer["ms"], answer["html"]

    def memory_mb(self) -> tuple[float, float]:
        """What the renderer and the process that asks it occupy now."""
        renderer, own = map(_resident_mb, self._processes())
        return renderer, own

    def processor_ms(self) -> float:
        """What both have taken of the processor until now."""
        return sum(
            int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6
            for process in self._processes()
        )

    def _processes(self) -> tuple[str, str]:
        own = self._process.pid
        (renderer,) = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return renderer, str(own)


def _resident_mb(process: str) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def _chromium() -> Iterator[Callable[[str], float]]:
    """Prints HTML with a browser that stays open, and says how many ms that took."""
    style = (CHECKOUT / "static/scoring/report.css").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()

        def printed(html: str) -> float:
            styled = html.replace("</head>", f"<style>{style}</style></head>")
            began = time.perf_counter()
            page.set_content(styled)
            page.pdf(prefer_css_page_size=True, tagged=True)
            return (time.perf_counter() - began) * 1000

        yield printed
        browser.close()


def _compare(
    makers: dict[str, _Maker], printer: Callable[[str], float], keys: Iterator[str], number: int
) -> None:
    """Each report by everybody before the next one; who begins changes from report to report."""
    html = ""
    times: dict[str, list[float]] = {name: [] for name in (*makers, _BROWSER)}
    processor: dict[str, list[float]] = {name: [] for name in makers}
    for maker in makers.values():
        maker.make(next(keys))
    for turn in range(_WARM_UP + number):
        key, names = next(keys), list(times)
        if not html:
            _, html = makers["this build"].make(next(keys))
        for place in range(len(names)):
            name = names[(turn + place) % len(names)]
            if name in makers:
                until_now = makers[name].processor_ms()
                milliseconds, made = makers[name].make(key)
                processor[name].append(makers[name].processor_ms() - until_now)
                html = made if name == "this build" else html
            else:
                milliseconds = printer(html)
            if turn >= _WARM_UP:
                times[name].append(milliseconds)
    print("| a report by | median ms | of Chromium | of the processor | of the build before |")
    print("|---|---:|---:|---:|---:|")
    before = processor.get("the build before")
    for name, found in times.items():
        cells = [f"{statistics.median(found):.0f}", f"{_ratio(found, times[_BROWSER]):.2f}"]
        if name in processor:
            own = processor[name][_WARM_UP:]
            cells.append(f"{statistics.median(own):.0f} ms")
            cells += [f"{_ratio(own, before[_WARM_UP:]):.2f}"] if before else []
        print(f"| {name} | {' | '.join(cells)} |")


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of what each report took of the other's time in the same turn."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _watch_memory(maker: _Maker, keys: Iterator[str], number: int) -> None:
    for made in range(1, number + 1):
        maker.make(next(keys))
        if made in _TOLD_AT or made == number:
            renderer, asking = maker.memory_mb()
            print(f"| {made:,} | {renderer:.0f} | {asking:.0f} |", flush=True)


if __name__ == "__main__":
    run(main)
