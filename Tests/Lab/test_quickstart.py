"""The first notebook, as a newcomer meets it."""

import shutil

from playwright.sync_api import expect


def test_runs_whole_and_shows_its_tables_and_plots(lab):
    shutil.copy(lab.server.top / "notebooks/quickstart.ipynb", lab.server.root)
    lab.open("quickstart.ipynb")
    lab.run_all(timeout=10 * 60_000)

    assert lab.errors() == []
    expect(lab.page.locator(".jp-RenderedHTML table").first).to_be_attached()
    drawn = lab.page.locator(".jp-RenderedVegaCommon5 svg, .jp-RenderedVegaCommon5 canvas")
    expect(drawn.first).to_be_attached()
