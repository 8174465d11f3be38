#!/usr/bin/env python3
"""Checks a program against the cases:  python3 check.py [--cases FILE] -- COMMAND ...

The command reads the inputs of one patient a line from standard input, as a JSON object, and
writes one JSON object a line to standard output, in the same order. What an answer holds is told in
README.md. Needs nothing but Python 3.11.
"""

import argparse
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

# How far a number may be from the expected one. Everything else must be equal.
TOLERANCES = {"points": 1e-9, "total_points": 1e-9, "risk": 1e-12, "ci95": 1e-9, "band": 1e-9}
# Compared where a program gives them; one that never does passes without.
OPTIONAL = ("provisional", "ci95", "band", "shown", "model")
_NOTHING = object()
_BYTES_OF_AN_ANSWER = 10_000
_SHOWN_AT_MOST = 20


class Difference(NamedTuple):
    """One thing that a program answers otherwise."""

    field: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.field}: expected {_text(self.expected)}, got {_text(self.got)}"


class Run(NamedTuple):
    """What a program wrote, and what went wrong with the program itself ("" if nothing)."""

    lines: list[bytes]
    complaint: str


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


# ---- Running -----------------------------------------------------------------------------------


def run_program(command: Sequence[str], cases: Sequence[dict[str, Any]], seconds: float) -> Run:
    """Give a program every input and read its answers, for at most so many seconds."""
    with tempfile.TemporaryFile() as inputs:
        for case in cases:
            inputs.write(json.dumps(case["input"]).encode() + b"\n")
        inputs.seek(0)
        try:
            process = subprocess.Popen(
                command, stdin=inputs, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as reason:
            return Run([], f"The program can't be started: {reason}")
        try:
            return _read(process, len(cases), seconds)
        finally:
            _end(process)


def _read(process: "subprocess.Popen[bytes]", count: int, seconds: float) -> Run:
    pieces: queue.Queue[bytes] = queue.Queue(maxsize=64)
    threading.Thread(target=_pass_on, args=(process, pieces), daemon=True).start()
    deadline = time.monotonic() + seconds
    written, complaint = bytearray(), ""
    try:
        while piece := pieces.get(timeout=max(0.0, deadline - time.monotonic())):
            written += piece
            if len(written) > count * _BYTES_OF_AN_ANSWER:
                complaint = f"The program was ended: it wrote more than {len(written):,} bytes."
                break
        else:
            code = process.wait(timeout=max(0.0, deadline - time.monotonic()))
            complaint = f"The program ended with exit code {code}." if code else ""
    except (queue.Empty, subprocess.TimeoutExpired):
        complaint = f"The program was ended: it took more than {seconds:g} seconds."
    lines = bytes(written).split(b"\n")
    if not lines[-1]:
        lines.pop()
    return Run(lines, complaint)


def _pass_on(process: "subprocess.Popen[bytes]", pieces: "queue.Queue[bytes]") -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    descriptor = process.stdout.fileno()
    while True:
        try:
            piece = os.read(descriptor, 65_536)
        except OSError:
            piece = b""
        pieces.put(piece)
        if not piece:
            return


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program and what it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


# ---- Comparing ---------------------------------------------------------------------------------


def answer_in(line: bytes | None) -> dict[str, Any] | str:
    """The object of a line, or what is wrong with the line."""
    if line is None:
        return "no line"
    try:
        # -sig: some programs write a byte order mark first.
        answer = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return f"no JSON: {line[:60].decode('ascii', 'backslashreplace')}"
    return answer if isinstance(answer, dict) else f"no object: {line[:60].decode()}"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def flat(answer: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """The parts of an answer by their path, such as ``scenarios.if_restored.risk``."""
    if isinstance(answer, dict) and answer:
        for name, part in answer.items():
            inner = f"{path}.{name}" if path else str(name)
            if name == "cautions" and isinstance(part, list):
                yield inner, sorted(_caution(caution) for caution in part)
            else:
                yield from flat(part, inner)
    elif isinstance(answer, list) and answer:
        for place, part in enumerate(answer):
            yield from flat(part, f"{path}.{place}")
    else:
        yield path, answer


def _caution(caution: object) -> str:
    if not isinstance(caution, dict):
        return str(caution)
    return f"{caution.get('predictor')} {caution.get('code')}"


def kind_of(path: str) -> str:
    """What a part is: ``risk`` of a final result and of one of two, ``points`` of any predictor."""
    parts = path.split(".")
    if parts[0] == "scenarios":
        parts = parts[2:]
    if parts[:1] == ["shown"]:
        return ".".join(parts[:2])
    return "points" if parts and parts[0].startswith("points") else ".".join(parts[:1])


def differences(
    expected: dict[str, Any], answer: dict[str, Any] | str, given: set[str]
) -> list[Difference]:
    """What differs in one answer; ``given`` are the kinds of parts that the program ever gives."""
    if isinstance(answer, str):
        return [Difference("answer", "a JSON object", answer)]
    parts = dict(flat(answer))
    found = [
        Difference(path, value, parts.get(path, _NOTHING))
        for path, value in flat(expected)
        if not _is_left_out(path, given) and not _agree(path, value, parts.get(path, _NOTHING))
    ]
    # A refused input has no risk, and two results have no single one.
    return found + [
        Difference(name, _NOTHING, answer[name])
        for name in ("risk", "total_points", "scenarios", "error")
        if name not in expected and answer.get(name) is not None
    ]


def _is_left_out(path: str, given: set[str]) -> bool:
    kind = kind_of(path)
    return kind.split(".")[0] in OPTIONAL and kind not in given


def _agree(path: str, expected: object, got: object) -> bool:
    tolerance = TOLERANCES.get(kind_of(path))
    if tolerance is None or not _is_number(expected):
        return type(expected) is type(got) and expected == got
    return _is_number(got) and abs(expected - got) <= tolerance  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str:
    return "nothing" if value is _NOTHING else json.dumps(value, ensure_ascii=False)


# ---- Reporting ---------------------------------------------------------------------------------


def check(
    command: Sequence[str], cases: Sequence[dict[str, Any]], seconds: float, show: int
) -> bool:
    """Run a program, print what differs, and return whether nothing does."""
    run = run_program(command, cases, seconds)
    if run.complaint:
        print(run.complaint)
    lines: list[bytes | None] = [*run.lines[: len(cases)]]
    lines += [None] * (len(cases) - len(lines))
    answers = [answer_in(line) for line in lines]
    given = {
        kind_of(path) for answer in answers if isinstance(answer, dict) for path, _ in flat(answer)
    }
    wrong, kinds = Counter[str](), Counter[str]()
    for case, answer in zip(cases, answers, strict=True):
        found = differences(case["expected"], answer, given)
        if not found:
            continue
        wrong[case["id"].rpartition("-")[0]] += 1
        kinds.update(kind_of(difference.field) for difference in found)
        if wrong.total() <= show:
            print(f"{case['id']}: {case['tests']}")
            for difference in found:
                print(f"    {difference}")
    if wrong.total() > show:
        print(f"and {wrong.total() - show:,} more cases; --all prints them")
    if len(run.lines) != len(cases):
        print(f"{len(cases):,} lines were given, {len(run.lines):,} were answered.")
    _summarize(cases, wrong, kinds, given)
    return not wrong and not run.complaint and len(run.lines) == len(cases)


def _summarize(
    cases: Sequence[dict[str, Any]], wrong: Counter[str], kinds: Counter[str], given: set[str]
) -> None:
    asked = {kind_of(path) for case in cases for path, _ in flat(case["expected"])}
    untold = sorted(kind for kind in asked - given if kind.split(".")[0] in OPTIONAL)
    if untold:
        print(f"Not compared, because no answer has it: {', '.join(untold)}.")
    if kinds:
        print("Differences: " + ", ".join(f"{kind} {n:,}" for kind, n in kinds.most_common()))
        print("Cases: " + ", ".join(f"{group} {n:,}" for group, n in wrong.most_common()))
    print(f"{len(cases) - wrong.total():,} of {len(cases):,} cases agree.")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 if all cases agree, 1 if not."""
    allowed = ", ".join(f"{name} {tolerance:g}" for name, tolerance in TOLERANCES.items())
    parser = argparse.ArgumentParser(
        prog="check.py",
        description="Check a program against the cases.",
        epilog=f"Numbers may differ by: {allowed}. Everything else must be equal.",
    )
    beside = Path(__file__).with_name("cases.jsonl")
    parser.add_argument("--cases", type=Path, default=beside, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=120.0, help="time limit for all cases")
    parser.add_argument("--all", action="store_true", help="print every case that differs")
    parser.add_argument("command", nargs="+", help="after --: the program and its arguments")
    chosen = parser.parse_args(arguments)
    try:
        cases = read_cases(chosen.cases)
    except (OSError, ValueError) as reason:
        print(f"The cases can't be read: {reason}", file=sys.stderr)
        return 1
    show = len(cases) if chosen.all else _SHOWN_AT_MOST
    return 0 if check(chosen.command, cases, chosen.seconds, show) else 1


if __name__ == "__main__":
    sys.exit(main())
