"""Takes a picture of each display from a real JupyterLab: light and dark at 1,500 pixels, light at 700.

    python Tests/Lab/screenshots.py build/screenshots                 all of them
    python Tests/Lab/screenshots.py build/screenshots words six       those of these notebooks
    python Tests/Lab/screenshots.py build/screenshots --docs docs/pictures    and the telling ones, for the documents

What is shown stands in `scenes.py`.
"""

import argparse
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import chromium
from lab import Lab
from scenes import DOCUMENTS, FILES, NOTEBOOKS
from server import Server

LONG = 15 * 60_000
# So tall that no cell has to be scrolled to be whole.
HEIGHT = 2600


@dataclass(frozen=True)
class Look:
    theme: str
    width: int

    def name(self, of):
        return f"{of}-{self.theme.lower()}-{self.width}.png"


LOOKS = [Look("Light", 1500), Look("Dark", 1500), Look("Light", 700)]
# Documents show them at about 830 pixels.
FOR_DOCUMENTS = [Look("Light", 900), Look("Dark", 900)]


class Photographer:
    def __init__(self, lab, folder, documents):
        self.lab, self.folder, self.documents = lab, folder, documents

    def take(self, notebook):
        self.notebook, scenes = notebook, NOTEBOOKS[notebook]
        self.lab.open(self.lab.write(f"{notebook}.ipynb", *[scene.text for scene in scenes]))
        self.lab.page.evaluate("() => { const s = jupyterapp.shell; s.collapseLeft(); s.collapseRight(); }")
        for index, scene in enumerate(scenes):
            getattr(self, f"run_{scene.way}")(index, scene)
            if scene.name and not scene.name.startswith("error") and (failed := self.failures(index)):
                raise SystemExit(f"{notebook}: {scene.text}\n{failed[0]}")
        for look in LOOKS + FOR_DOCUMENTS:
            self.put_on(look)
            for index, scene in enumerate(scenes):
                if scene.name:
                    self.shoot(index, scene.name, look)

    def failures(self, index):
        marked = "[data-mime-type='application/vnd.jupyter.error']"
        return self.lab.cell(index).locator(marked).all_inner_texts()

    def run_done(self, index, scene):
        self.lab.run(index, wait=False)
        self.lab.page.wait_for_timeout(300)
        self.lab.settle(LONG)

    def run_live(self, index, scene):
        """Pictures in every look while it works, which it must for longer than they take."""
        self.lab.run(index, wait=False)
        self.lab.page.wait_for_function(
            "cell => /epoch\\s+2 of/.test(cell.innerText)",
            arg=self.lab.cell(index).element_handle(), timeout=LONG)
        for look in LOOKS + FOR_DOCUMENTS:
            self.put_on(look, pause=150)
            self.shoot(index, f"{scene.name}-training", look)
        if not self.lab.is_busy():
            raise SystemExit(f"{scene.text} was over before its pictures were taken")
        self.put_on(LOOKS[0])
        self.lab.settle(LONG)

    def run_stopped(self, index, scene):
        self.lab.run(index, wait=False)
        self.lab.wait_for_text(index, "epoch 1", timeout=LONG)
        self.lab.page.wait_for_timeout(6000)
        self.lab.command("notebook:interrupt-kernel")
        self.lab.settle(LONG)

    def run_typing(self, index, scene):
        """Only typed: what Tab offers is photographed beside it."""

    def put_on(self, look, pause=700):
        self.lab.page.set_viewport_size({"width": look.width, "height": HEIGHT})
        self.lab.command("apputils:change-theme", theme=f"JupyterLab {look.theme}")
        light = "true" if look.theme == "Light" else "false"
        self.lab.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")
        self.lab.page.wait_for_timeout(pause)

    def shoot(self, index, name, look):
        if look in FOR_DOCUMENTS and look.theme not in DOCUMENTS.get(name, ()):
            return
        folder = self.documents if look in FOR_DOCUMENTS else self.folder
        if folder is None:
            return
        path = folder / (look.name(name) if folder is self.folder else f"{name}-{look.theme.lower()}.png")
        if NOTEBOOKS[self.notebook][index].way == "typing":
            self.shoot_completion(index, path)
        else:
            self.lab.cell(index).screenshot(path=path)
        print(path, flush=True)

    def shoot_completion(self, index, path):
        self.lab.type(index, NOTEBOOKS[self.notebook][index].text)
        self.lab.page.keyboard.press("Tab")
        popup = self.lab.page.locator(".jp-Completer:not(.lm-mod-hidden)")
        popup.wait_for()
        self.lab.page.wait_for_timeout(1000)
        cell, box = self.lab.cell(index).bounding_box(), popup.bounding_box()
        # It opens above a cell at the page's end.
        top = min(cell["y"], box["y"])
        bottom = max(cell["y"] + cell["height"], box["y"] + box["height"]) + 8
        left = min(cell["x"], box["x"])
        clip = {"x": left, "y": top, "width": cell["x"] + cell["width"] - left, "height": bottom - top}
        self.lab.page.screenshot(path=path, clip=clip)
        self.lab.page.keyboard.press("Escape")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("notebooks", nargs="*", help=f"of {', '.join(NOTEBOOKS)}")
    parser.add_argument("--docs", type=Path)
    given = parser.parse_args()
    for folder in filter(None, (given.folder, given.docs)):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        server = Server(temporary)
        for name, text in FILES.items():
            (server.root / name).write_text(text)
        for table in (server.top / "notebooks").glob("*.csv"):
            shutil.copy(table, server.root)
        browser = chromium(driver)
        try:
            for notebook in given.notebooks or NOTEBOOKS:
                page = browser.new_page(
                    viewport={"width": 1500, "height": HEIGHT}, device_scale_factor=1.5 if given.docs else 1
                )
                lab = Lab(page, server)
                Photographer(lab, given.folder, given.docs).take(notebook)
                lab.shut_down_kernels()
                page.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
