"""Whether the words of the other languages are compiled, so that none is silently English."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _


def missing_catalogs() -> list[Path]:
    """The catalogs without a compiled file, or with one of an earlier text.

    ``script/messages --compile`` writes beside each compiled file the SHA-256 of its text.
    """
    catalogs = sorted(Path(settings.BASE_DIR).glob("scoring/locale/*/LC_MESSAGES/django.po"))
    return [catalog for catalog in catalogs if not _is_compiled(catalog)]


def uncompiled_text(catalog: Path) -> str:
    """What is said of such a catalog, with what to do."""
    text = _("%(file)s is not compiled: pages would be in English. Run script/bootstrap.")
    return text % {"file": catalog}


def _is_compiled(catalog: Path) -> bool:
    compiled, stamp = catalog.with_suffix(".mo"), catalog.with_suffix(".mo.sha256")
    if not compiled.exists() or not stamp.exists():
        return False
    return stamp.read_text().strip() == sha256(catalog.read_bytes()).hexdigest()
