"""The model of Rong et al., Front Surg 2025;12:1625518.

Points (Table 7) are exact; the points-to-risk line, its range and the interval are reconstructed
from the published tables (``reconstructed.py``): a risk is shown together with that fact.
``version_1.py`` is an earlier reconstruction, for what was assessed with it.
"""
