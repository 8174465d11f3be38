"""docs/conformance.md: its commands run, and print what it says."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The folder that the document names.
NAMED = "/tmp/kit"  # noqa: S108
DOCUMENT = (ROOT / "docs" / "conformance.md").read_text()
BLOCKS = [block.strip() for block in re.findall(r"(?:^ {4}.*\n)+", DOCUMENT, re.MULTILINE)]


@pytest.mark.slow
def test_the_commands_of_the_document(tmp_path: Path) -> None:
    write, check, agrees, differs = (re.sub(r"^ +", "", b, flags=re.MULTILINE) for b in BLOCKS)
    folder = tmp_path / "kit"

    def run(commands: str, expected_code: int = 0) -> list[str]:
        done = subprocess.run(
            ["bash", "-ec", commands.replace(NAMED, str(folder))],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expected_code, done.stderr
        return [line.strip() for line in done.stdout.splitlines()]

    run(write)
    assert run(check) == agrees.splitlines()
    example = folder / "example.py"
    right = example.read_text()
    wrong = right.replace('value < predictor["below"]', 'value <= predictor["below"]')
    assert wrong != right
    example.write_text(wrong)
    first, points, total = differs.splitlines()
    said = run(check, expected_code=1)
    place = said.index(first)
    assert said[place + 1] == points
    assert said[place + 2].startswith(total.removesuffix("..."))


def conformance(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["script/conformance", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_check_of_the_repository(tmp_path: Path) -> None:
    done = conformance("check", "--", "true")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 of 2,000 cases agree."
    done = conformance("check", "--model", tmp_path / "none", "--", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path}/none can't be read: No such file or directory.\n"


@pytest.mark.slow
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = conformance("write", tmp_path)
    assert (done.returncode, done.stderr) == (1, f"{tmp_path} is not empty. Name a new folder.\n")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
