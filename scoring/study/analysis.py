"""What the commands on cohort files share: options, reading, progress, numbers as text."""

import io
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper
from django.utils.translation import gettext as _

from scoring.nomogram.model import Nomogram
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report import renderer
from scoring.statistics import bootstrap
from scoring.study.cautions import cautions_of
from scoring.study.cohort_errors import CohortFileError
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.headers import COLUMNS
from scoring.study.model_file import PUBLISHED, ModelFileError, RiskModel, model_from
from scoring.study.nomogram_file import nomogram_from
from scoring.study.wording import cohort_caution_text, cohort_error_text, reading_lines
from scoring.words.marks import labelled, listed

_PROGRESS_STEPS = 10


def add_cohort_argument(parser: CommandParser) -> None:
    """The CSV file."""
    parser.add_argument(
        "cohort",
        type=Path,
        metavar="cohort.csv",
        help=_("columns: %(columns)s; yes/no as 1/0, yes/no, true/false, 是/否 or 有/无")
        % {"columns": listed(COLUMNS)},
    )
    add_complete_cases_argument(parser)


def add_complete_cases_argument(parser: CommandParser) -> None:
    """What to do about missing values."""
    parser.add_argument(
        "--complete-cases",
        action="store_true",
        help=_(
            "leave out, and count, rows in which a predictor or the outcome is missing (an empty "
            "cell or NA); without it the first of them stops the analysis. A wrong value always "
            "does."
        ),
    )


def add_model_argument(parser: ArgumentParser) -> None:
    """Another model than the published one."""
    parser.add_argument(
        "--model", type=Path, help=_("a model file of develop_model; else the published model")
    )


def add_bootstrap_arguments(parser: CommandParser) -> None:
    """Resamples, seed and processes."""
    parser.add_argument(
        "--resamples",
        type=int,
        default=bootstrap.RESAMPLES,
        help=_("of the bootstrap, at least %(fewest)s, default %(default)s; 0 leaves it out")
        % {"fewest": bootstrap.FEWEST_RESAMPLES, "default": bootstrap.RESAMPLES},
    )
    parser.add_argument("--seed", type=int, default=bootstrap.SEED, help=_("default %(default)s"))
    parser.add_argument(
        "--workers",
        type=int,
        default=bootstrap.cores(),
        help=_("processes, default one for each core; the result is the same with any number"),
    )


def checked_bootstrap(options: dict[str, Any]) -> dict[str, int]:
    """The bootstrap's options. Raises CommandError."""
    found = {name: int(options[name]) for name in ("resamples", "seed", "workers")}
    if found["resamples"] < 0 or found["seed"] < 0 or found["workers"] < 1:
        raise CommandError(_("--resamples and --seed are 0 or more, --workers 1 or more."))
    if 0 < found["resamples"] < bootstrap.FEWEST_RESAMPLES:
        raise CommandError(
            _("--resamples is 0 or at least %(fewest)s: a band of fewer says nothing.")
            % {"fewest": bootstrap.FEWEST_RESAMPLES}
        )
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises CommandError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None


def read_patients(path: Path, *, complete_cases: bool) -> CohortFile:
    """The patients of a CSV file. Raises CommandError that names row, column, value, reason."""
    try:
        return read_cohort(io.BytesIO(read_file(path)), complete_cases=complete_cases)
    except CohortFileError as error:
        raise CommandError(labelled(str(path), cohort_error_text(error))) from None


def caution_lines(patients: CohortFile, model: RiskModel | None = None) -> Iterator[str]:
    """How the file was read, and what to look at in it before its numbers are believed."""
    yield from reading_lines(patients)
    for caution in cautions_of(patients, model):
        yield cohort_caution_text(caution)


def warn(stream: OutputWrapper, patients: CohortFile, model: RiskModel | None = None) -> None:
    """Say the loud cautions on standard error, for people who send JSON elsewhere."""
    for caution in cautions_of(patients, model):
        if caution.loud:
            stream.write(cohort_caution_text(caution), style_func=str)


def cohort_as_dict(patients: CohortFile) -> dict[str, Any]:
    """Which file was analysed, and how it was read, for JSON."""
    return {
        "sha256": patients.sha256,
        "ignored_columns": list(patients.ignored),
        "encoding": patients.encoding,
        "header_row": patients.header_row,
        "headers": dict(patients.headers),
        "chinese_answers": list(patients.chinese_answers),
        "rows": patients.gaps.rows,
        "incomplete_rows": patients.gaps.incomplete,
        "missing": dict(patients.gaps.missing),
    }


def read_model(path: Path | None) -> RiskModel:
    """The model of a file, without one the published model. Raises CommandError."""
    if path is None:
        return PUBLISHED
    try:
        return model_from(read_file(path))
    except ModelFileError:
        raise _no_model(path) from None


def read_nomogram(path: Path | None) -> Nomogram:
    """The nomogram of a model file, without one the published one. Raises CommandError."""
    if path is None:
        return RONG_2025
    try:
        return nomogram_from(read_file(path))
    except ModelFileError:
        raise _no_model(path) from None


def _no_model(path: Path) -> CommandError:
    return CommandError(_("%(path)s is not a model of develop_model.") % {"path": path})


def free_files(folder: Path, names: Sequence[str], *, overwrite: bool) -> list[Path]:
    """Where to write. Raises CommandError if a file is there or the folder is not."""
    if not folder.is_dir():
        raise CommandError(_("%(path)s is not a folder.") % {"path": folder})
    files = [folder / name for name in names]
    for file in files:
        if file.exists() and not overwrite:
            raise CommandError(
                _("%(path)s is there already; --overwrite replaces it.") % {"path": file}
            )
    return files


def pdf_of(html: str) -> bytes:
    """A report as PDF. Raises CommandError."""
    try:
        return renderer.pdf_of(html)
    except renderer.ReportError as error:
        raise CommandError(
            _("The PDF report can't be made: %(reason)s. Run: manage.py doctor") % {"reason": error}
        ) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file. Raises CommandError."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be written: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """A reader of standard output that has seen enough (``| head``) is no error."""
    try:
        yield
    except BrokenPipeError:
        # Nothing is left to write to at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_json(plain: dict[str, Any]) -> str:
    """Strict JSON at full precision."""
    return json.dumps(plain, allow_nan=False, indent=1)


def progress_to(stream: OutputWrapper) -> Callable[[int, int], None]:
    """Tell every tenth of a bootstrap, for people who wait."""
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        step = done * _PROGRESS_STEPS // total
        if step > told:
            told = step
            text = _("Bootstrap: %(done)s of %(total)s") % {"done": done, "total": total}
            stream.write(text, style_func=str)

    return tell
