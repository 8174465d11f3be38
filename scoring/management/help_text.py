"""The help of commands in the server's language; the words of argparse around it stay English."""

import re

from django.core.management.base import CommandParser, DjangoHelpFormatter

from scoring.study.text_table import columns

# A line ends after a blank, or beside a Chinese character with the marks that belong to it.
_PIECES = re.compile(r"\s+|[“（《]*(?:[⺀-鿿][，。；：？！、）》”]*|[^\s⺀-鿿“（《]+|$)")


class _HelpFormatter(DjangoHelpFormatter):
    """Lines in which a Chinese character counts as two columns, as on a terminal."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


def describe(parser: CommandParser, text: str) -> None:
    """Say what a command does, from ``add_arguments``.

    Not by Django's ``help``: that is a text of the class, which is in no language yet.
    """
    parser.description = text
    parser.formatter_class = _HelpFormatter


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for piece in _PIECES.findall(" ".join(text.split())):
        if lines[-1] and columns(lines[-1] + piece.rstrip()) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return [line.rstrip() for line in lines]
