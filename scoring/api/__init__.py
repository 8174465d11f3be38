"""For other programs: judged by the forms of the pages, written by the same actions.

``entry`` is where requests come in; django-ninja and pydantic are imported with the first of them.
"""
