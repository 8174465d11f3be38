"""Rows of a table as assessments: judged by the forms of the pages, recorded by their action."""
