"""SMART App Launch 2: this site as the app, a hospital's FHIR server as what it reads from.

The protocol alone, without Django: addresses, tokens, answers. ``scoring.web.smart`` has the pages.
The sections named here are those of SMART App Launch 2.2.0.
"""
