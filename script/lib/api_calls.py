"""The command ``script/api_calls``: schemathesis with all checks against the API.

It works in rounds. Each knows one assessment of the demonstration with the ETag of its current
version, so that requests reach what stands behind its id, or none, so that made-up ids are tried,
too.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from script.lib.abort import run
from script.lib.bench.ward_site import running_site

_CALLS = 10_000
_EACH = 40
# A made-up request may be very long.
_SHOWN = 1000
# A token, and an assessment in each state.
_PREPARE = """
import json
from datetime import timedelta
from django.utils import timezone
from scoring import actions
from scoring.models import Assessment, Role, User
_, token = actions.create_token(
    by=User.objects.get(username="administrator"), name="Calls", role=Role.CLINICIAN, ward=None,
    expires_at=timezone.now() + timedelta(days=1), origin=actions.NOWHERE,
)
current = Assessment.objects.exclude(current_of=None)
ids = {state: str(pk) for state, pk in current.order_by("created_at").values_list("state", "pk")}
print(json.dumps({"token": token, "ids": sorted(ids.values())}))
"""
# What a schema can't say: how large a request may be; days in order, values that must be confirmed,
# the version that is meant or known.
_CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "404", "413"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "404", "413", "415", "422"]

[[operations]]
include-path-regex = "/(assessments|patients)"

[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "404", "409", "412", "413", "422", "428"]

[operations.checks.negative_data_rejection]
expected-statuses = ["400", "401", "404", "409", "412", "413", "415", "422", "428"]

[operations.checks.missing_required_header]
expected-statuses = ["401", "404", "428"]
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Call until it is enough; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="script/api_calls")
    parser.add_argument("--calls", type=int, default=_CALLS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"RBP_API_REQUESTS_A_MINUTE": "1000000"}
        with running_site(Path(folder) / "data", settings=settings) as site:
            known = json.loads(site.said_by(_PREPARE).splitlines()[-1])
            made, root = 0, f"http://127.0.0.1:{site.port}/api/v1"
            for place, pk in enumerate(cycle([None, *known["ids"]])):
                about = "" if pk is None else _known(root, known["token"], pk)
                seed = chosen.seed + place
                count, said = _round(Path(folder), root, known["token"], about, seed)
                if count is None:
                    print("\n".join(line[:_SHOWN] for line in said.splitlines()))
                    return 1
                made += count
                print(f"{made:,} calls", flush=True)
                if made >= chosen.calls:
                    break
    print("Nothing found.")
    return 0


def _known(root: str, token: str, pk: str) -> str:
    """What schemathesis is to fill in: the current version of an assessment, its patient, ETags."""

    def read(path: str) -> tuple[dict[str, Any], str]:
        request = Request(root + path, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - http
        with urlopen(request) as answer:  # noqa: S310 - http
            return json.load(answer), answer.headers["ETag"]

    current = read(f"/assessments/{pk}")[0]["current_id"]
    version, tag = read(f"/assessments/{current}")
    patient = version["patient"]["id"]
    return "".join(
        f'[[operations]]\ninclude-path-regex = "/{kind}/"\n'
        f'parameters = {{ "path.id" = "{id_}", "header.If-Match" = {json.dumps(of)} }}\n'
        for kind, id_, of in (
            ("assessments", current, tag),
            ("patients", patient, read(f"/patients/{patient}")[1]),
        )
    )


def _round(folder: Path, root: str, token: str, known: str, seed: int) -> tuple[int | None, str]:
    """How many calls were made, None where something was found; and what schemathesis said."""
    config = folder / "schemathesis.toml"
    config.write_text(_CONFIG + known)
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command: list[str | Path] = [schemathesis, "--config-file", config, "run"]
    command += [f"{root}/openapi.json"]
    command += ["-H", f"Authorization: Bearer {token}", "-c", "all", "-n", str(_EACH)]
    command += ["--continue-on-failure", "--seed", str(seed)]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    counted = re.search(r"([\d,]+) generated", done.stdout)
    is_clear = done.returncode == 0 and counted is not None
    count = int(counted[1].replace(",", "")) if counted and is_clear else None
    return count, done.stdout


if __name__ == "__main__":
    run(main)
