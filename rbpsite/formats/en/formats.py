"""English: no order of numbers that another country reads otherwise.

``scoring/entry/days.py`` reads all of them.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "d-M-Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d-M-Y H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "M Y"
