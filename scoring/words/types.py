"""What a table of words holds."""

from typing import TypeAlias

from django.utils.functional import Promise

# Text, or text that is translated when it is shown.
Words: TypeAlias = str | Promise
