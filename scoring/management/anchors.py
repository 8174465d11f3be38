"""Anchors of the access log as they are typed behind a command."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from scoring.queries.log_anchor import Anchor, ForgedAnchorError, NoAnchorError


def read_anchor(text: str) -> Anchor:
    """Raises CommandError for what is no anchor, or forged."""
    try:
        return Anchor.read(text)
    except NoAnchorError as error:
        raise CommandError(
            _('"%(text)s" is no anchor: it has the form 120:3f8a…, with 64 letters and digits.')
            % {"text": text}
        ) from error
    except ForgedAnchorError as error:
        raise CommandError(
            _(
                '"%(text)s" was not signed with this RBP_SECRET_KEY: it is forged, or the key was '
                "another one. If you trust the place where it was kept, give number and digest "
                "alone (120:3f8a…)."
            )
            % {"text": text}
        ) from error
