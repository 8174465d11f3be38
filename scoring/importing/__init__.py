"""Rows of a table as assessments: read, judged by the forms of the pages, recorded by the action."""
