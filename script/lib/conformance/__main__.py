"""The command ``script/conformance``: write the kit, or check a program against its cases."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import django
from django.utils import translation

from scoring.nomogram.model import Nomogram
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.model_file import ModelFileError
from scoring.study.nomogram_file import nomogram_from
from script.lib.abort import Abort, run
from script.lib.conformance import check
from script.lib.conformance.cases import make_cases
from script.lib.conformance.kit import CASES, cases_file, write_kit


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 if a checked program answers otherwise."""
    parser = argparse.ArgumentParser(prog="script/conformance", description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    write = commands.add_parser("write", help="write the kit into a new folder")
    write.add_argument("folder", type=Path)
    checked = commands.add_parser("check", help="check a program against the cases")
    checked.add_argument("--seconds", default="120", help="time limit for all cases")
    checked.add_argument("--all", action="store_true", help="print every case that differs")
    checked.add_argument("command", nargs="+", help="after --: the program and its arguments")
    for command in (write, checked):
        command.add_argument(
            "--model", type=Path, help="a model file of develop_model; else the published model"
        )
    chosen = parser.parse_args(arguments)
    # The cases are the same wherever they are written, whatever the language of a site.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    translation.activate("en")
    model = _model(chosen.model)
    if chosen.action == "write":
        write_kit(model, make_cases(model), chosen.folder)
        print(f"{model.label}: written to {chosen.folder}")
        return 0
    return _check(model, chosen)


def _model(path: Path | None) -> Nomogram:
    if path is None:
        return RONG_2025
    try:
        return nomogram_from(path.read_bytes())
    except OSError as reason:
        raise Abort(f"{path} can't be read: {reason.strerror}.") from reason
    except ModelFileError as reason:
        raise Abort(f"{path} is not a model of develop_model.") from reason


def _check(model: Nomogram, chosen: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder) / CASES
        cases.write_bytes(cases_file(make_cases(model)))
        options = [f"--cases={cases}", f"--seconds={chosen.seconds}", *["--all"] * chosen.all]
        return check.main([*options, "--", *chosen.command])


if __name__ == "__main__":
    run(main)
