"""The bill of materials: what this computer serves, in the versions that are installed."""

import json
import re
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

import pytest

from rbpsite import VERSION
from script.lib import sbom
from script.lib.folders import CHECKOUT


@pytest.fixture
def bill(tmp_path: Path) -> dict[str, Any]:
    """Of everything that is installed here, as the tool of CycloneDX names it."""
    components = [
        {
            "bom-ref": f"{each.name}=={each.version}",
            "name": each.name,
            "version": each.version,
            "purl": f"pkg:pypi/{sbom.normalized(each.name)}@{each.version}",
        }
        for each in distributions()
    ]
    needed = [each["bom-ref"] for each in components]
    file = tmp_path / "environment.json"
    file.write_text(
        json.dumps(
            {
                "components": components,
                "dependencies": [{"ref": "root", "dependsOn": needed}],
                "metadata": {"component": {"bom-ref": "root"}},
            }
        )
    )
    listed = subprocess.run(
        [CHECKOUT / "script" / "bootstrap", "--list"], capture_output=True, text=True, check=True
    )
    made: dict[str, Any] = json.loads(sbom.main(str(file), listed.stdout.split()))
    return made


def _versions(bill: dict[str, Any], kind: str) -> dict[str, str]:
    return {
        sbom.normalized(each["name"]): each["version"]
        for each in bill["components"]
        if each["purl"].startswith(f"pkg:{kind}/")
    }


def test_it_holds_every_package_of_the_site_and_none_of_the_tests(bill: dict[str, Any]) -> None:
    text = (CHECKOUT / "requirements.txt").read_text("utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    assert _versions(bill, "pypi") == {sbom.normalized(name): pin for name, pin in pins.items()}
    assert bill["metadata"]["component"]["version"] == VERSION


def test_it_holds_what_browsers_get_and_what_debian_gives(bill: dict[str, Any]) -> None:
    browser = _versions(bill, "npm")
    assert version("bootstrap-wrapper").startswith(browser["bootstrap"])
    assert browser["htmx-org"].startswith("2.")
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "libpango-1.0-0"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert _versions(bill, "deb")["libpango-1-0-0"] == told.stdout


def test_every_dependency_is_an_entry_of_its_own(bill: dict[str, Any]) -> None:
    entries = {each["bom-ref"] for each in bill["components"]} | {
        bill["metadata"]["component"]["bom-ref"]
    }
    needed = {ref for each in bill["dependencies"] for ref in each.get("dependsOn", [])}
    assert needed
    assert needed <= entries


def test_a_package_that_is_pinned_and_not_installed_is_said_so() -> None:
    bill = {"components": [], "dependencies": [], "metadata": {"component": {"bom-ref": "root"}}}
    with pytest.raises(SystemExit, match="Not installed: django"):
        sbom.served(bill, {"django"})


def test_pins_are_read_by_their_normalized_names(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("# comment\nDjango_OTP==1.7.5 \\\n    --hash=sha256:00\nnumpy==2.4.6\n")
    assert sbom.pinned(file) == {"django-otp", "numpy"}
