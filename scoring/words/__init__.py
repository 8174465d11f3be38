"""The words for what the core knows by code: one table a subject, marked for translation.

Form, page, chart, report and command take their labels from here.
"""
