"""What is served holds nothing that could put a guard of the record aside."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PUT_ASIDE = re.compile(
    r"DISABLE\s+TRIGGER|DROP\s+TRIGGER|pgtrigger\.ignore|session_replication_role", re.IGNORECASE
)


def _sources(package: str) -> list[Path]:
    """Modules the site can import; migrations run once, before it serves."""
    return [path for path in (CHECKOUT / package).rglob("*.py") if "migrations" not in path.parts]


def test_nothing_served_puts_a_trigger_aside() -> None:
    served = [*_sources("scoring"), *_sources("rbpsite")]
    assert len(served) > 200
    assert [path.name for path in served if PUT_ASIDE.search(path.read_text())] == []
    # The words searched for are those that a tool does use.
    assert PUT_ASIDE.search((CHECKOUT / "script/lib/seeding/bulk.py").read_text())
