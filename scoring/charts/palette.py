"""Colors and type of every chart: the one place they stand.

All of them hold in grey: the patient's marks differ from the rest by form (thick bar, dot,
open or filled marker, callout), never by color alone.
"""

from dataclasses import dataclass

# Those of the pages and of the papers. Without a Chinese font among them the system takes one of
# its own beside that of the page, and on some the Japanese forms of characters.
SCREEN_FONTS = (
    "Segoe UI,Roboto,Helvetica Neue,Noto Sans,Liberation Sans,Arial,DejaVu Sans,"
    "PingFang SC,Microsoft YaHei,Noto Sans CJK SC,sans-serif"
)
PRINT_FONTS = "Liberation Sans,DejaVu Sans,Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Palette:
    """Presentation colors, as hexadecimal RGB."""

    ink: str = "#14212b"
    ink_2: str = "#4c5a64"
    grid: str = "#e3e8eb"
    line_strong: str = "#76848e"
    band: str = "#f1f5f6"
    shade: str = "#dde3e7"
    accent: str = "#0b5a70"
    accent_ink: str = "#07404f"
    interval: str = "#a9ccd6"
    paper: str = "#fff"


PALETTE = Palette()
