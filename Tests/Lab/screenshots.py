"""Takes the pictures of the README from a real JupyterLab: quickstart, run whole, in both themes.

    python Tests/Lab/screenshots.py docs/pictures
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import chromium
from lab import Lab
from server import Server

SIZE = {"width": 1000, "height": 1180}


def take(lab, folder):
    shutil.copy(lab.server.top / "notebooks/quickstart.ipynb", lab.server.root)
    lab.open("quickstart.ipynb")
    lab.run_all(timeout=15 * 60_000)
    if failed := lab.errors():
        raise SystemExit(f"a cell failed: {failed[0]}")
    lab.command("docmanager:save")
    lab.command("application:toggle-left-area")
    plot = lab.page.locator(".jp-CodeCell", has=lab.page.locator(".jp-RenderedVegaCommon5")).first
    for theme in ("Light", "Dark"):
        lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
        lab.page.wait_for_timeout(1500)
        plot.evaluate("cell => cell.scrollIntoView()")
        lab.page.wait_for_timeout(500)
        path = folder / f"quickstart-{theme.lower()}.png"
        lab.page.screenshot(path=path)
        print(path)


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        server = Server(temporary)
        browser = chromium(driver)
        try:
            page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
            take(Lab(page, server), folder)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
