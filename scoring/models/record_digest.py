"""The canonical form of a row of the record, its digest, and how the access log holds it.

The canonical text of a row is what PostgreSQL writes, in a session in UTC, for
``json_build_array`` of a salt and the columns of a layout. The digest is the SHA-256 of it,
computed here, so that a check relies on no function that somebody put into the database.

A digest stands in the log and goes wherever the log is sent. So that nobody there can find a
date of birth by trying all of them, the text begins with a salt that only the record holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

# The detail of a line of the access log that holds the entries of the rows it wrote.
RECORD = "record"
_PRINT_DIGITS = 4
_decoded = json.JSONDecoder().raw_decode


@dataclass(frozen=True, kw_only=True)
class RecordTable:
    """A table whose rows have their digests in the access log.

    ``layouts`` are the columns that are hashed, in their order; the number of a layout is its
    place, from 1 on. **A layout never changes**: a new column makes a new layout at the end, and
    rows with a digest of an earlier one are checked by that one. ``left_out`` are columns that
    are checked otherwise, because they follow from others.

    ``key``, ``salt`` and ``about`` are SQL over the row ``t``. The key names one state of a row
    for good. ``salt_column`` is the column whose change changes all prints, where there is one.
    """

    model: str
    layouts: tuple[tuple[str, ...], ...]
    about: Mapping[str, str]
    pk: str = "id"
    pk_type: str = "uuid"
    key: str = "t.id::text"
    salt: str = "t.form_token"
    salt_column: str = "form_token"
    left_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def table(self) -> str:
        """The name of the table."""
        return f"scoring_{self.model}"

    @property
    def newest(self) -> int:
        """The number of the layout that new rows get."""
        return len(self.layouts)

    def text_sql(self, layout: int) -> str:
        """SQL of the canonical text of a row ``t``."""
        columns = ", ".join(f"t.{name}" for name in self.layouts[layout - 1])
        return f"pg_catalog.json_build_array({self.salt}, {columns})::text"

    @property
    def about_sql(self) -> str:
        """SQL of what names a row for people, as a JSON array in the order of ``about``."""
        return f"pg_catalog.json_build_array({', '.join(self.about.values())})::text"

    def entry(self, layout: int, key: str, text: str, about: str) -> list[Any]:
        """What the log holds of a row, by its key, canonical text and what names it."""
        prints = "".join(self.prints(layout, key, text))
        return [self.model, layout, key, digest(text), prints, json.loads(about)]

    def prints(self, layout: int, key: str, text: str) -> list[str]:
        """Four hexadecimal digits for each column: enough to say which one was altered."""
        salt, *values = elements(text)
        beginning = sha256(f"{salt}\n{key}\n".encode())
        found = []
        for name, value in zip(self.layouts[layout - 1], values, strict=True):
            of_column = beginning.copy()
            of_column.update(f"{name}={value}".encode())
            found.append(of_column.hexdigest()[:_PRINT_DIGITS])
        return found

    def differing(self, layout: int, key: str, text: str, prints: str) -> list[str]:
        """The columns whose prints are others now."""
        pairs = zip(self.layouts[layout - 1], self.prints(layout, key, text), strict=True)
        names = [
            name
            for place, (name, now) in enumerate(pairs)
            if prints[place * _PRINT_DIGITS : (place + 1) * _PRINT_DIGITS] != now
        ]
        is_salt = self.salt_column and len(names) == len(self.layouts[layout - 1])
        return [self.salt_column] if is_salt else names


def digest(text: str) -> str:
    """The SHA-256 of a canonical text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def elements(text: str) -> list[str]:
    """The elements of a canonical text, each as PostgreSQL wrote it."""
    found, at = [], 1
    while at < len(text):
        _, end = _decoded(text, at)
        found.append(text[at:end])
        # The comma and the space after it, or the bracket at the end.
        at = end + 2
    return found
