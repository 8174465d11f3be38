"""``script/server`` that can't start says why in a sentence, before anything is changed."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from script.lib.abort import Abort
from script.lib.folders import prepare_data_folder
from script.lib.server import main as server_main
from tests.scripts.conftest import CHECKOUT, Private
from tests.scripts.test_server import free_port, run_server


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    private = Private(tmp_path / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = run_server(private, "--port", str(port))
    assert code == 1
    assert said.startswith(f"Port {port} of 127.0.0.1 can't be used: Address already in use.")
    assert f"script/server --port {port + 1}" in said
    assert not private.folder.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("--port", "0"), ("--port", "99999"), ("--port", "x"), ("--workers", "0")]
)
def test_a_number_out_of_range_is_said(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        server_main([name, value])
    assert f"argument {name}: '{value}' is no number from 1 to " in capsys.readouterr().err


@pytest.mark.parametrize("below", ["", "folder"])
def test_a_data_folder_that_is_a_file_is_said(
    below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RBP_DATA_DIR", str(tmp_path / "file" / below))
    with pytest.raises(Abort, match="can't be used by this account"):
        prepare_data_folder()


@pytest.mark.parametrize("missing", ["RBP_SECRET_KEY", "DATABASE_URL"])
def test_a_missing_secret_in_production_is_one_sentence(tmp_path: Path, missing: str) -> None:
    settings = {
        "RBP_MODE": "production",
        "RBP_SECRET_KEY": "made-up-key-of-the-tests-" * 3,
        "RBP_ALLOWED_HOSTS": "rbp.hospital.example",
        "DATABASE_URL": "postgresql://rbp@127.0.0.1:9/rbp",
    }
    code, said = run_server(
        Private(tmp_path / "data"), "--port", str(free_port()), **(settings | {missing: ""})
    )
    assert code == 1
    assert said.startswith(f"{missing} is not set. In production mode set it in the environment")
    assert len(said.strip().splitlines()) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    code, said = run_server(
        Private(tmp_path / "data"),
        *("--port", str(free_port())),
        DATABASE_URL=f"postgresql://rbp@127.0.0.1:{free_port()}/rbp",
    )
    assert code == 1
    assert said.startswith("The database can't be reached.")
    assert "Connection refused" in said
    assert "Traceback" not in said


def test_a_command_of_manage_py_without_its_database_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "seal_log"],
        cwd=CHECKOUT,
        env=Private(tmp_path).environment(
            DATABASE_URL=f"postgresql://rbp@127.0.0.1:{free_port()}/rbp"
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer, or refuses: ")
    assert "Connection refused" in done.stderr
    assert "Traceback" not in done.stderr
