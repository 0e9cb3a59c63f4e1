"""A JupyterLab of its own for the tests, and a Chromium to look at it with.

Run them by `make test ONLY=lab`. `LAB_BROWSER` names another Chromium, `LAB_HEADED=1` shows it at work.
"""

import os

import pytest
from playwright.sync_api import sync_playwright

from browser import chromium
from lab import Lab
from server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as driver:
        launched = chromium(driver)
        yield launched
        launched.close()


@pytest.fixture
def lab(server, browser, request):
    """A page with JupyterLab in it; a failing test leaves its picture in build/lab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = Lab(context.new_page(), server)
    yield opened
    folder = os.path.join(server.top, "build", "lab")
    os.makedirs(folder, exist_ok=True)
    opened.page.screenshot(path=os.path.join(folder, f"{request.node.name}.png"))
    opened.shut_down_kernels()
    context.close()
