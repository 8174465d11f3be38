"""What CycloneDX's own tool leaves out of the bill of materials: Debian, and what browsers get.

``script/sbom`` calls it: the tool's file as argument, Debian's package names on standard input, the
whole bill on standard output.
"""

import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rbpsite import VERSION
from script.lib.folders import CHECKOUT

Component = dict[str, Any]


def pinned(requirements: Path) -> set[str]:
    """The names of a compiled requirements file, normalized as PyPI does."""
    names = re.findall(r"^([\w.-]+)==", requirements.read_text("utf-8"), re.MULTILINE)
    return {normalized(name) for name in names}


def normalized(name: str) -> str:
    """django-otp for Django_OTP."""
    return re.sub(r"[-_.]+", "-", name).lower()


def served(bill: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The bill with the components of these names alone: a developer's .venv holds others."""
    components = [each for each in bill["components"] if normalized(each["name"]) in names]
    missing = names - {normalized(each["name"]) for each in components}
    if missing:
        raise SystemExit(f"Not installed: {', '.join(sorted(missing))}. Run script/bootstrap.")
    kept = {each["bom-ref"] for each in components} | {bill["metadata"]["component"]["bom-ref"]}
    dependencies = [
        {**each, "dependsOn": [ref for ref in each.get("dependsOn", []) if ref in kept]}
        for each in bill["dependencies"]
        if each["ref"] in kept
    ]
    return {**bill, "components": components, "dependencies": dependencies}


def browser_components() -> list[Component]:
    """htmx and Bootstrap, which Python packages carry: version from the file that is served."""
    htmx = _file_of("django-htmx", "htmx-2.js").read_text("utf-8")
    bootstrap = _file_of("bootstrap-wrapper", "bootstrap.min.css").read_text("utf-8")
    return [
        _library("pkg:npm/htmx.org", _found(r"\bversion: '([\d.]+)'", htmx), "0BSD"),
        _library("pkg:npm/bootstrap", _found(r"Bootstrap\s+v([\d.]+)", bootstrap), "MIT"),
    ]


def debian_components(names: Iterable[str]) -> list[Component]:
    """Debian's packages in the versions that are installed; what is not installed is left out."""
    system = _system()
    form = "${db:Status-Status} ${Package} ${Version} ${Architecture}\n"
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", form, *names], capture_output=True, text=True, check=False
    ).stdout
    components = []
    for line in told.splitlines():
        status, *package = line.split()
        if status != "installed":
            continue
        name, version, architecture = package
        exact = quote(version, safe="~")
        purl = f"pkg:deb/debian/{name}@{exact}?arch={architecture}&distro={system}"
        components.append(_component(name, version, purl))
    return components


def main(file: str, debian_names: Iterable[str]) -> str:
    """The whole bill as JSON."""
    bill = json.loads(Path(file).read_text("utf-8"))
    bill = served(bill, pinned(CHECKOUT / "requirements.txt"))
    bill["metadata"]["component"]["version"] = VERSION
    bill["components"] += [
        _component("python", python := platform.python_version(), f"pkg:generic/python@{python}"),
        *browser_components(),
        *debian_components(debian_names),
    ]
    return json.dumps(bill, indent=1, ensure_ascii=False)


def _library(purl: str, version: str, license_id: str) -> Component:
    name = purl.rsplit("/", 1)[-1]
    license_of = [{"license": {"id": license_id}}]
    return {**_component(name, version, f"{purl}@{version}"), "licenses": license_of}


def _component(name: str, version: str, purl: str) -> Component:
    return {
        "bom-ref": purl,
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
    }


def _file_of(package: str, name: str) -> Path:
    files = [each for each in distribution(package).files or [] if each.name == name]
    if not files:
        raise SystemExit(f"{package} has no file {name} any more.")
    return Path(str(files[0].locate()))


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"No version is found by {pattern}.")
    return found[1]


def _system() -> str:
    release = Path("/etc/os-release").read_text("utf-8")
    return f"debian-{_found(r'VERSION_ID=.?([0-9]+)', release)}"


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1], sys.stdin.read().split()))
