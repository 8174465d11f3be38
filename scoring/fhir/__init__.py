"""The record as FHIR R4 resources, and what is read from resources that others send.

A resource is a dictionary, as JSON has it, with Decimal for numbers: so 12.80 stays 12.80, which
passes as 12.8 through fhir.resources. The library and ``invariants`` check it in
``leaving.checked`` before it leaves. Nothing here asks the database or writes to it.
"""
