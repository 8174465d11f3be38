"""The columns of laboratories' tables, as users said them."""

from scoring.files.headings import NOTHING_SAID, Choice
from scoring.models import LaboratoryColumns


def laboratories() -> list[tuple[str, str]]:
    """Key and name of each laboratory whose columns are kept."""
    return [(str(pk), name) for pk, name in LaboratoryColumns.objects.values_list("pk", "name")]


def columns_of(pk: str) -> Choice:
    """What was said of the columns of a laboratory; nothing of one that is not known."""
    kept = LaboratoryColumns.objects.filter(pk=pk).first() if pk.isdigit() else None
    if kept is None:
        return NOTHING_SAID
    return Choice(kept.headers, frozenset(kept.in_unit), kept.one_is_yes)
