"""Stylesheets and scripts are written as several files, and served as few."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# By the name of the file that is served, in the order in which they count.
JOINED: dict[str, tuple[str, ...]] = {
    "scoring/joined/site.css": (
        "scoring/site.css",
        "scoring/narrow.css",
        "scoring/form.css",
        "scoring/lists.css",
        "scoring/colors.css",
        "scoring/print.css",
    ),
    "scoring/joined/site.js": ("scoring/site.js", "scoring/language.js"),
    "scoring/joined/signed-in.js": (
        "scoring/session.js",
        "scoring/keep.js",
        "scoring/form.js",
        "scoring/keys.js",
    ),
}


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As WhiteNoise's storage, hashed and compressed, with the joined files beside their parts."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join what was collected, then go on as with any other file."""
        for name, parts in JOINED.items() if not dry_run else ():
            texts = []
            for part in parts:
                storage, path = paths[part]
                with storage.open(path) as file:
                    texts.append(file.read())
            self.delete(name)
            self.save(name, ContentFile(b"\n".join(texts)))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def served(name: str, storage: object) -> tuple[str, ...]:
    """What a page names: the joined file, or its parts where nothing is collected."""
    # Django's own storage, too, names files as they lie while errors are being looked for.
    is_joined = isinstance(storage, JoinedStaticFilesStorage) and not settings.DEBUG
    return (name,) if is_joined else JOINED[name]
