"""The folder of the kit, and its manifest with checksums."""

import hashlib
import json
from pathlib import Path
from typing import Any

from rbpsite import VERSION
from scoring.nomogram.model import Nomogram
from script.lib.abort import Abort
from script.lib.conformance.cases import Case
from script.lib.conformance.description import described
from script.lib.conformance.pmml import pmml
from script.lib.conformance.sql import sql

CASES = "cases.jsonl"
MANIFEST = "manifest.json"
_HERE = Path(__file__).parent
_COPIED = ("check.py", "example.py")


def write_kit(model: Nomogram, cases: list[Case], folder: Path) -> None:
    """Write the kit of a model into a folder, which is made. Raises Abort if it is not empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Abort(f"{folder} is not empty. Name a new folder.")
    files = _files(model, cases)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / MANIFEST).write_bytes(_json(_manifest(model, files, len(cases))))


def _files(model: Nomogram, cases: list[Case]) -> dict[str, bytes]:
    return {
        "README.md": _readme(model, cases).encode(),
        CASES: cases_file(cases),
        "model.json": _json(described(model)),
        "model.pmml": pmml(model, VERSION),
        "model.sql": sql(model).encode(),
        **{name: (_HERE / name).read_bytes() for name in _COPIED},
    }


def cases_file(cases: list[Case]) -> bytes:
    """The cases, one a line."""
    return "".join(f"{case.line()}\n" for case in cases).encode()


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _manifest(model: Nomogram, files: dict[str, bytes], count: int) -> dict[str, Any]:
    return {
        "model": {"identifier": model.identifier, "version": model.version, "label": model.label},
        "software": {"name": "RBP risk", "version": VERSION},
        "cases": count,
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }


def _readme(model: Nomogram, cases: list[Case]) -> str:
    text = (_HERE / "README.md").read_text(encoding="utf-8")
    scored = next(case for case in cases if "risk" in case.expected)
    refused = next(case for case in cases if "error" in case.expected)
    words = {
        "LABEL": model.label,
        "COUNT": f"{len(cases):,}",
        "SCORED_INPUT": json.dumps(scored.input, ensure_ascii=False),
        "SCORED_ANSWER": json.dumps(scored.expected, ensure_ascii=False, indent=2),
        "REFUSED_ANSWER": json.dumps(refused.expected, ensure_ascii=False),
    }
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text
