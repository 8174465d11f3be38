"""The data folder and who may read what in it."""

import contextlib
import os
import secrets
from pathlib import Path

from rbpsite.data_folder import data_folder
from script.lib.abort import Abort

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# What marks a folder as one of ours: nobody's home is closed to others by mistake.
_OURS = {"secrets", "logs", "postgres", "run", "static", "in-use.lock", "postgres.lock"}


def read_env_file() -> None:
    """Take what ``.env`` sets into the environment; what is set there already stays."""
    if not (CHECKOUT / ".env").exists():
        return
    # Only now: without the file, script/postgres runs on any Python, before .venv is made.
    from django.core.exceptions import ImproperlyConfigured

    from rbpsite import environment

    try:
        environment.read_env_file(CHECKOUT)
    except ImproperlyConfigured as reason:
        raise Abort(str(reason)) from reason


def prepare_data_folder(server_gid: int | None = None) -> Path:
    """Make the data folder with its parts for secrets and logs, closed to others.

    ``server_gid`` is the group of the account PostgreSQL runs under where that is not our own:
    it may pass through the folder to its own part, and read nothing else. Raises ``Abort`` when
    the folder can't be made, or holds something else already.
    """
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        content = {path.name for path in folder.iterdir()}
        if content and not content & _OURS:
            raise Abort(
                f"{folder} holds other files. Set RBP_DATA_DIR to a folder for RBP risk alone."
            )
        if server_gid is not None:
            os.chown(folder, -1, server_gid)
            folder.chmod(0o710)
        elif folder.stat().st_mode & 0o067:
            # 0710 stays: an earlier start gave it to PostgreSQL's group.
            folder.chmod(0o700)
        for name in ("secrets", "logs"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
            (folder / name).chmod(0o700)
    except OSError as reason:
        raise Abort(
            f"The data folder {folder} can't be used by this account ({reason.strerror}: "
            f"{reason.filename}). Run the command as its owner, or set RBP_DATA_DIR."
        ) from reason
    return folder


def ensure_secret_key(folder: Path) -> None:
    """Create the key that signs sessions, once; only its owner can read it."""
    path = folder / "secrets" / "secret_key"
    if path.exists():
        return
    draft = path.with_name(f"secret_key.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(60) + "\n")
    # A link is made whole or not at all, and never over the key of a server that was faster.
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
