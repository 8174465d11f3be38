"""A kit for those who implement the model a second time: cases, PMML, SQL and a checker.

Everything is made from a model as a value. ``check.py`` and ``example.py`` are copied into the kit
and need nothing but Python.
"""
