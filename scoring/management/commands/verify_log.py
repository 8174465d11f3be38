"""``manage.py verify_log``: whether the access log is whole, and the record as it says."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.management.anchors import read_anchor
from scoring.management.help_text import describe
from scoring.queries.log_check import Known, LogCheck, LogFinding, Problem
from scoring.queries.record_check import RecordFinding, RecordProblem
from scoring.words.marks import labelled, listed
from scoring.words.record import row_text
from scoring.words.types import Words

SHOWN_OF_EACH = 20
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WORDS: dict[Problem | RecordProblem, Words] = {
    Problem.EVENT_ALTERED: gettext_lazy("Line %(number)s was altered."),
    Problem.EVENT_GONE: gettext_lazy("Line %(number)s was sealed and is gone."),
    Problem.EVENT_GONE_BEFORE_SEAL: gettext_lazy("Line %(number)s was removed before its seal."),
    Problem.EVENT_NEVER_SEALED: gettext_lazy(
        "Line %(number)s is in no seal and does not wait for one: it was slipped in, or its seal "
        "was removed."
    ),
    Problem.EVENT_SEALED_TWICE: gettext_lazy("Line %(number)s is in two seals."),
    Problem.SEAL_GONE: gettext_lazy("Seal %(number)s is gone."),
    Problem.SEAL_ALTERED: gettext_lazy("Seal %(number)s was altered."),
    Problem.SEAL_UNLINKED: gettext_lazy("Seal %(number)s does not follow the one before it."),
    Problem.KNOWN_EVENT_GONE: gettext_lazy("Line %(number)s was shipped and is gone."),
    Problem.KNOWN_EVENT_DIFFERS: gettext_lazy("Line %(number)s differs from what was shipped."),
    Problem.KNOWN_SEAL_GONE: gettext_lazy("Seal %(number)s is known from outside and is gone."),
    Problem.KNOWN_SEAL_DIFFERS: gettext_lazy(
        "Seal %(number)s differs from what is known from outside."
    ),
    Problem.GUARD_OFF: gettext_lazy(
        "The trigger %(name)s of the database is missing, off or another one."
    ),
    Problem.UNREADABLE: gettext_lazy(
        "One part of the check ended early, at a value that can't be read: %(name)s."
    ),
    Problem.EVENT_SEALED_LATE: gettext_lazy(
        "Note: line %(number)s was sealed more than an hour after its time."
    ),
    RecordProblem.ROW_ALTERED: gettext_lazy("%(row)s was altered: %(columns)s."),
    RecordProblem.ROW_GONE: gettext_lazy("%(row)s was removed."),
    RecordProblem.ROW_ADDED: gettext_lazy("%(row)s was added: the access log has no line of it."),
    RecordProblem.ROW_TWICE: gettext_lazy("%(row)s has two lines in the access log."),
    RecordProblem.ROW_DISAGREES: gettext_lazy(
        "%(row)s does not agree with the rows it follows from: %(columns)s."
    ),
    RecordProblem.ENTRY_UNREADABLE: gettext_lazy("Line %(key)s has a digest that can't be read."),
}
_NOTES = {Problem.EVENT_SEALED_LATE}


def _shipped(lines: Iterable[bytes]) -> Iterator[Known]:
    """What JSON lines that were shipped tell; a line that is cut off is passed over."""
    for line in lines:
        # Before the object there may stand what a syslog daemon adds.
        start = line.find(b"{")
        try:
            content = json.loads(line[start:]) if start >= 0 else {}
            is_seal = content["kind"] == "seal"
            number = int(content["number" if is_seal else "id"])
            digest = _DIGEST.fullmatch(content["digest"])
        except (ValueError, KeyError, TypeError):
            continue
        if digest is not None and number < 2**63:
            yield Known(is_seal=is_seal, number=number, digest=digest[0])


def _known_seal(text: str) -> Known:
    anchor = read_anchor(text)
    return Known(is_seal=True, number=anchor.number, digest=anchor.digest)


def _known(anchors: list[str], files: list[str]) -> Iterable[Known]:
    """All that is known from outside; wrong options are told at once, not after the work."""
    for name in files:
        if name != "-" and not Path(name).exists():
            raise CommandError(_("%(name)s: there is no such file.") % {"name": name})
    return chain([_known_seal(text) for text in anchors], *map(_lines_of, files))


def _lines_of(name: str) -> Iterator[Known]:
    if name == "-":
        yield from _shipped(sys.stdin.buffer)
        return
    with Path(name).open("rb") as file:
        yield from _shipped(file)


def _finding_text(finding: LogFinding | RecordFinding) -> str:
    words: dict[str, object]
    if isinstance(finding, RecordFinding):
        columns = listed(finding.columns) or _("a column that can't be told")
        row = row_text(finding.model, finding.about, finding.key)
        words = {"row": row, "columns": columns, "key": finding.key}
    else:
        words = {"number": finding.number, "name": finding.name}
    text = str(_WORDS[finding.problem]) % words
    # A name comes from the database: it must not clear the terminal.
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


class Command(BaseCommand):
    """Reads alone; the exit code is 1 when something is wrong."""

    def add_arguments(self, parser: CommandParser) -> None:
        """What is known from outside."""
        describe(
            parser,
            _(
                "Check the access log and the record: that no line and no clinical value was "
                "altered, removed or slipped in, and that what is known from outside still stands "
                "there."
            ),
        )
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            help=_("what log_anchor printed, or number:digest of a last seal; may be repeated"),
        )
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="FILE",
            help=_("JSON lines that were shipped, - for standard input; may be repeated"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where something is wrong."""
        check = LogCheck(known=_known(options["anchor"], options["against"]))
        try:
            wrong = self._tell(check.findings())
        except OSError as error:
            raise CommandError(labelled(error.filename, str(error.strerror))) from error
        except DatabaseError as error:
            said = str(error).partition("\n")[0]
            raise CommandError(
                _("The check ended early. The database says: %(error)s") % {"error": said}
            ) from error
        counts = {
            "events": f"{check.events:,}",
            "seals": f"{check.seals:,}",
            "waiting": f"{check.waiting:,}",
            "compared": f"{check.compared:,}",
        }
        self.stdout.write(
            _(
                "Lines sealed: %(events)s, seals: %(seals)s, lines that wait for a seal: "
                "%(waiting)s, compared with what is known from outside: %(compared)s."
            )
            % counts
        )
        self.stdout.write(
            _("Rows of the record compared with the access log: %(rows)s.")
            % {"rows": f"{check.record.rows:,}"}
        )
        if check.anchor:
            self.stdout.write(_("Last seal: %(anchor)s") % {"anchor": check.anchor})
        if wrong:
            raise CommandError(_("The access log or the record is not as it was written."))
        if check.waiting:
            self.stdout.write(_("manage.py seal_log seals what waits."))
        self.stdout.write(
            _(
                "The access log is whole, and the record is what it says. Keep the last seal "
                "outside of the database."
            )
        )

    def _tell(self, findings: Iterator[LogFinding | RecordFinding]) -> int:
        """Write what was found, of each kind the first ones; how many things are wrong."""
        counts: dict[Problem | RecordProblem, int] = {}
        for finding in findings:
            counts[finding.problem] = counts.get(finding.problem, 0) + 1
            if counts[finding.problem] <= SHOWN_OF_EACH:
                self.stdout.write(_finding_text(finding))
        for problem, count in counts.items():
            if count > SHOWN_OF_EACH:
                more = f"{count - SHOWN_OF_EACH:,}"
                self.stdout.write(
                    _("… and %(more)s more: %(kind)s") % {"more": more, "kind": problem.value}
                )
        return sum(count for problem, count in counts.items() if problem not in _NOTES)
