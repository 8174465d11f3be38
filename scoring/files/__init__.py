"""Other people's tables of patients, CSV and XLSX, read as values and scored row by row.

Nothing is corrected, computed or left out without a word: what can't be read is an error that
names row, column, value and what is allowed.
"""
