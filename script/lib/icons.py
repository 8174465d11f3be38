"""Icons of the home screen as PNG, drawn by the browser of the tests."""

from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[2] / "static" / "scoring"
SIZES_PX = (192, 512)
# Platforms cut icons to circles and the like; what lies in the inner 80 % is never cut off
# (https://www.w3.org/TR/appmanifest/#icon-masks). A square of 56 % lies in that circle.
DRAWN_PART = 0.56
PAPER = "#fff"


def draw(size_px: int) -> bytes:
    """The icon on paper, as PNG."""
    picture = (FOLDER / "icon.svg").read_text()
    edge = round(size_px * DRAWN_PART)
    style = (
        f"html,body{{margin:0;height:100%;background:{PAPER}}}"
        "body{display:grid;place-items:center}"
        f"svg{{width:{edge}px;height:{edge}px}}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": size_px, "height": size_px})
        page.set_content(f"<style>{style}</style>{picture}")
        drawn = page.screenshot()
        browser.close()
    return drawn


if __name__ == "__main__":
    for size in SIZES_PX:
        (FOLDER / f"icon-{size}.png").write_bytes(draw(size))
