"""The command ``script/reconstruct``."""

import argparse
from collections.abc import Callable, Sequence

from script.lib.abort import run
from script.lib.reconstruction.consistency import report_consistency
from script.lib.reconstruction.coverage import report_coverage
from script.lib.reconstruction.line import report_conditions, report_line

REPORTS: dict[str, tuple[str, Callable[[], str]]] = {
    "line": ("Line and covariances, as shipped", report_line),
    "conditions": ("What each condition adds", report_conditions),
    "coverage": ("Coverage of the interval of one patient", report_coverage),
    "consistency": ("What was no condition, and new patients", report_consistency),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Derive what the publication leaves out, and simulate what it is worth."""
    parser = argparse.ArgumentParser(prog="script/reconstruct", description=main.__doc__)
    parser.add_argument("part", nargs="?", choices=REPORTS, help="one part alone; default: all")
    chosen = parser.parse_args(arguments).part
    for part in [chosen] if chosen else REPORTS:
        title, report = REPORTS[part]
        print(f"== {title} (script/reconstruct {part})\n{report()}\n", flush=True)
    return 0


if __name__ == "__main__":
    run(main)
