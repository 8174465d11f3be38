"""Checks of settings, files and the makings of a report."""

import logging
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.catalogs import missing_catalogs, uncompiled_text
from scoring.management.commands.prepare import is_collected
from scoring.management.doctor.finding import Finding
from scoring.report.fonts import unprintable_count
from scoring.report.renderer import ReportError, pdf_of
from scoring.words.marks import listed

# Whoever is not the owner: for the folder, the group of PostgreSQL may pass through.
_OTHERS_IN_FOLDER, _OTHERS = 0o067, 0o077
_SAMPLE = (
    "<!doctype html><html lang='zh'><head><title>-</title></head><body>"
    "残余背痛 王䶮 é</body></html>"
)
_SCRIPTS = (
    (gettext_lazy("Korean"), "김"),
    (gettext_lazy("Japanese"), "サと"),
    (gettext_lazy("Arabic"), "\u0639\u06cc\u06a9"),
    (gettext_lazy("Hebrew"), "כהן"),
    (gettext_lazy("Devanagari"), "फ"),
    (gettext_lazy("Thai"), "สม"),
    (gettext_lazy("Mongolian"), "ᠰᠠ"),
)


def settings_are_safe() -> Iterator[Finding]:
    """What ``manage.py check --deploy`` finds, and what stops nobody."""
    if settings.DEBUG:
        yield Finding(
            "debug",
            _("RBP_DEBUG is on: whoever meets an error sees the inside of the site. Remove it."),
        )
    if not settings.PRODUCTION:
        return
    if not settings.PUBLIC_URL:
        yield Finding(
            "public_url",
            _(
                "RBP_PUBLIC_URL is not set: the QR code of a report leads nowhere, and reports "
                "enclose no FHIR."
            ),
            wrong=False,
        )
    for message in checks.run_checks(include_deployment_checks=True):
        named = str(message.id).startswith(("security.", "rbpsite."))
        if named and message.level >= checks.WARNING:
            yield Finding(str(message.id), str(message.msg))


def secrets_are_closed() -> Iterator[Finding]:
    """Nobody else reads the data folder, the key or the settings."""
    key = Path(settings.DATA_DIR, "secrets", "secret_key")
    if not settings.PRODUCTION and not key.exists():
        yield Finding(
            "no_key",
            _("There is no secret key yet: script/server makes one at its first start."),
            wrong=False,
        )
    for path, others in (
        (Path(settings.DATA_DIR), _OTHERS_IN_FOLDER),
        (key, _OTHERS),
        (settings.BASE_DIR / ".env", _OTHERS),
    ):
        if path.exists() and path.stat().st_mode & others and not _is_empty(path):
            yield Finding(
                "open_to_others",
                _("%(path)s can be read by other accounts. Run: chmod go-rwx %(path)s")
                % {"path": path},
            )


def _is_empty(path: Path) -> bool:
    """Whether it is a folder before the first start, which closes it (the systemd unit, too)."""
    return path.is_dir() and not any(path.iterdir())


def static_files_are_collected() -> Iterator[Finding]:
    """The style sheets and scripts of this version."""
    if not is_collected():
        yield Finding(
            "static", _("The static files are not those of this version. Run: manage.py prepare")
        )


def languages_are_compiled() -> Iterator[Finding]:
    """The words of the other languages."""
    for catalog in missing_catalogs():
        yield Finding("catalog", uncompiled_text(catalog))


def reports_can_be_made() -> Iterator[Finding]:
    """One report with Chinese characters; WeasyPrint says what it could not draw."""
    said = _Listener()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(said)
    try:
        pdf_of(_SAMPLE)
    except ReportError as error:
        yield Finding(
            "pdf",
            _("No PDF report can be made (%(error)s). script/bootstrap names what is missing.")
            % {"error": error},
        )
    finally:
        logger.removeHandler(said)
    if any("notdef" in text for text in said.texts):
        yield Finding(
            "fonts",
            _("Chinese characters print as boxes. Install Debian's package fonts-noto-cjk."),
        )


def python_is_optimized() -> Iterator[Finding]:
    """The Python of this process, by how it was built."""
    if not is_optimized():
        yield Finding(
            "python_not_optimized",
            _(
                "This Python was built without optimizations: pages and PDF reports take about a "
                "fifth longer. With Debian's Python installed (python3, python3-venv), remove the "
                "folder .venv and run script/bootstrap."
            ),
            wrong=False,
        )


def is_optimized() -> bool:
    """As its configuration says; that of Debian's does not, though it is."""
    configured = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return "--enable-optimizations" in configured or sys.base_prefix == "/usr"


def names_can_be_printed() -> Iterator[Finding]:
    """Letters of the scripts that names come in besides Latin and Chinese."""
    lacking = [str(script) for script, letters in _SCRIPTS if unprintable_count(letters)]
    if lacking:
        yield Finding(
            "fonts_of_names",
            _(
                "Names in these scripts print as boxes: %(scripts)s. If the ward has such names, "
                "install Debian's package fonts-noto-core and start the site anew."
            )
            % {"scripts": listed(lacking)},
            wrong=False,
        )


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())
