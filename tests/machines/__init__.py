"""What takes more than one machine, with real processes on this one: script/machines runs them.

Not part of the tests: the names of these files keep pytest from finding them by itself.
"""
