"""Writes pmml_readers.json:  python -m tests.conformance.reference.pmml_readers

Two programs of others read model.pmml: JPMML-Evaluator (PyPI jpmml-evaluator) and PMML4S (PyPI
pypmml), which share no code. They need Java 11 or later and are installed into a folder of their
own; the tests need neither. XMLSchema checks the file against the schema of PMML 4.4 that JPMML
brings. The results of the made-up model are kept; of the published model a summary is printed.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from scoring.nomogram.model import Nomogram
from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.conformance.cases import make_cases
from script.lib.conformance.pmml import fits, pmml, pmml_input
from tests.nomogram.made_up import MADE_UP

PACKAGES = ("jpmml-evaluator==0.16.0", "pypmml==1.5.8", "xmlschema==4.3.2")
READERS = {
    "JPMML-Evaluator 1.7.7 (PyPI jpmml-evaluator 0.16.0)": "jpmml",
    "PMML4S 1.5.8 (PyPI pypmml 1.5.8)": "pmml4s",
}
HERE = Path(__file__).parent
# Of the many random patients some are enough.
_KEPT_RANDOM = 100


def main() -> None:
    """Read both models with both readers; keep one, print the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
        ]
        subprocess.run([*install, *PACKAGES], check=True)
        kept = _read(MADE_UP, python, folder)
        _summarize(MADE_UP, kept)
        _summarize(RONG_2025, _read(RONG_2025, python, folder))
    for reader in kept["readers"]:
        reader["risks"] = {
            name: risk
            for name, risk in reader["risks"].items()
            if not name.startswith("random-") or int(name[7:]) <= _KEPT_RANDOM
        }
    lines = json.dumps(kept, indent=0)
    (HERE / "pmml_readers.json").write_text(lines + "\n")


def _read(model: Nomogram, python: Path, folder: Path) -> dict[str, Any]:
    content = pmml(model, "reference")
    (folder / "model.pmml").write_bytes(content)
    rows = {
        case.id: {field: pmml_input(model, case.input).get(field) for field in model.fields}
        for case in make_cases(model)
        if fits(model, case.input)
    }
    (folder / "rows.json").write_text(json.dumps(rows))
    readers = [
        {"name": name, "risks": _risks(word, python, folder)} for name, word in READERS.items()
    ]
    return {"sha256": hashlib.sha256(content).hexdigest(), "readers": readers}


def _risks(reader: str, python: Path, folder: Path) -> dict[str, float | None]:
    done = subprocess.run(
        [python, HERE / "read_pmml.py", reader],
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, float | None] = json.loads(done.stdout)
    return found


def _summarize(model: Nomogram, found: dict[str, Any]) -> None:
    expected = {case.id: case.expected for case in make_cases(model)}
    for reader in found["readers"]:
        worst, scored, refused = 0.0, 0, 0
        for name, risk in reader["risks"].items():
            if ("risk" in expected[name]) is (risk is None):
                sys.exit(f"{reader['name']}: {name} gives {risk}")
            if risk is None:
                refused += 1
            else:
                scored += 1
                worst = max(worst, abs(risk - expected[name]["risk"]))
        print(  # noqa: T201
            f"{model.label}, {reader['name']}: {scored} risks, {refused} inputs without a result, "
            f"largest difference {worst:.1e}"
        )


if __name__ == "__main__":
    main()
