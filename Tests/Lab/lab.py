"""JupyterLab as a test sees it: open a notebook, run it, look at what stands in its cells."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

KERNEL = {"name": "lorikeet", "display_name": "Lorikeet", "language": "lorikeet"}
SECOND = 1000  # in Playwright's milliseconds
# Waited for in full only by what fails: on a loaded machine a page or a kernel may need minutes to start.
TIMEOUT = 180 * SECOND
expect.set_options(timeout=TIMEOUT)

# The kernel is idle, and no cell waits for its turn.
SETTLED = """() => {
    const panel = jupyterapp.shell.currentWidget;
    const kernel = panel?.sessionContext?.session?.kernel;
    if (!kernel || kernel.status !== 'idle') return false;
    return ![...panel.node.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'));
}"""


class Lab:
    def __init__(self, page, server):
        self.page, self.server = page, server
        page.set_default_timeout(TIMEOUT)

    def write(self, name, *cells):
        """A notebook of these cells in the server's folder; its name."""
        notebook = new_notebook(
            cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": KERNEL}
        )
        nbformat.write(notebook, self.server.root / name)
        return name

    def open(self, name):
        self.show(name)
        self.settle()

    def show(self, name):
        """Opens a notebook whose kernel may be at work."""
        if "/lab" not in self.page.url:
            self.page.goto(f"{self.server.url}/lab?reset")
        self.page.wait_for_function("() => window.jupyterapp?.shell && jupyterapp.restored")
        self.page.evaluate("() => jupyterapp.restored")
        self.command("docmanager:open", path=name, factory="Notebook")
        self.page.locator(".jp-Notebook:visible .jp-CodeCell").first.wait_for()

    def command(self, name, **arguments):
        return self.page.evaluate(
            "([name, arguments]) => { jupyterapp.commands.execute(name, arguments); }",
            [name, arguments],
        )

    def save(self):
        """Returns once the file is written."""
        self.page.evaluate("() => jupyterapp.commands.execute('docmanager:save').then(() => null)")

    def settle(self, timeout=TIMEOUT):
        """Waits until everything asked for has run."""
        self.page.wait_for_function(SETTLED, timeout=timeout)

    def run_all(self, timeout=TIMEOUT):
        self.command("notebook:run-all-cells")
        self.page.wait_for_timeout(300)
        self.settle(timeout)

    def run(self, index, wait=True):
        """Runs one cell as a person does: click into it, then Shift-Enter."""
        self.editor(index).click()
        self.page.keyboard.press("Shift+Enter")
        if wait:
            self.page.wait_for_timeout(300)
            self.settle()

    def type(self, index, text):
        """Replaces the text of a cell by typing."""
        self.editor(index).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def cell(self, index):
        return self.page.locator(".jp-Notebook:visible .jp-CodeCell").nth(index)

    def prompt(self, index):
        return self.cell(index).locator(".jp-InputPrompt")

    def editor(self, index):
        return self.cell(index).locator(".cm-content")

    def outputs(self, index):
        return self.cell(index).locator(".jp-OutputArea-output")

    def text(self, index):
        """All a cell shows below its input, as one text."""
        return "\n".join(self.outputs(index).all_inner_texts())

    def errors(self):
        marked = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
        return self.page.locator(f".jp-Notebook:visible .jp-OutputArea-output:is({marked})").all_inner_texts()

    def is_busy(self):
        return not self.page.evaluate(SETTLED)

    def wait_for_text(self, index, pattern, timeout=TIMEOUT):
        expect(self.cell(index).locator(".jp-OutputArea")).to_contain_text(pattern, timeout=timeout)

    def shut_down_kernels(self):
        if "/lab" in self.page.url:
            self.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
