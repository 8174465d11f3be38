"""Where data, secrets and logs live: one folder outside version control. No Django here."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

# Linux takes 107 bytes for the path of a socket.
_SOCKET_PATH_BYTES = 107
_SOCKET_NAME = ".s.PGSQL.5432"
# The roles of the private PostgreSQL: one owns the tables, the site connects as the other.
OWNER, SITE = "rbp", "rbp_site"


def data_folder() -> Path:
    """The folder named by ``RBP_DATA_DIR``, else the usual place for root or for a user."""
    named = os.environ.get("RBP_DATA_DIR")
    if named:
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/rbp-risk")
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser() / "rbp-risk"


def socket_folder() -> Path:
    """Where the private PostgreSQL listens: ``run`` in the data folder.

    A short folder of its own when that path is too long for a socket, or holds a comma, which
    PostgreSQL's client would take for a list of servers.
    """
    usual = data_folder() / "run"
    if len(os.fsencode(usual / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES and "," not in str(usual):
        return usual
    mark = hashlib.sha256(os.fsencode(data_folder())).hexdigest()[:12]
    parent = Path("/run") if os.geteuid() == 0 else Path("/var/tmp")  # noqa: S108 - made 0700
    return parent / f"rbp-risk-{os.geteuid()}-{mark}"


def private_database_url(role: str = SITE) -> str:
    """How the private PostgreSQL is reached, in the form of ``DATABASE_URL``."""
    return f"postgresql:///rbp?host={quote(str(socket_folder()))}&user={role}"
