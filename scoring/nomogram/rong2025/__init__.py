"""The model of Rong et al., Front Surg 2025;12:1625518.

Points (Table 7) are exact; the points-to-risk line, the band and the interval are reconstructed
from the published tables (``reconstruction.py``): a risk is shown together with that fact.
"""
