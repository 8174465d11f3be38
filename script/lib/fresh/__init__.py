"""The command ``script/fresh``: the README's two commands on a bare Debian, made for the purpose.

Python's standard library alone: it runs before anything is installed.
"""
