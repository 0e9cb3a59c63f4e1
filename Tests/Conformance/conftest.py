"""Runs the installed kernel, one to a test, and fills in our column of the protocol table.

    python -m pytest Tests/Conformance --table        also prints the table (make conformance)

A test marked `row(name)` proves that row; a row is Y when all of its tests passed.
"""

import os

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from rows import ROWS, table
from talk import Kernel

outcomes = {}


def pytest_addoption(parser):
    parser.addoption("--table", action="store_true", help="print the protocol table at the end")


def pytest_configure(config):
    config.addinivalue_line("markers", "row(name): the row of the protocol table that the test proves")


def pytest_collection_modifyitems(items):
    for item in items:
        for mark in item.iter_markers("row"):
            assert mark.args[0] in ROWS, f"{item.name} names no row of the table: {mark.args[0]}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "call" or report.failed:
        for mark in item.iter_markers("row"):
            outcomes.setdefault(mark.args[0], []).append(report.passed)


def pytest_terminal_summary(terminalreporter, config):
    if config.getoption("--table"):
        ours = {row: "Y" if all(results) else "N" for row, results in outcomes.items()}
        terminalreporter.write_line("\n" + table(ours))


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """Nothing of the user's is read or written: not the history either."""
    home = tmp_path_factory.mktemp("home")
    os.environ["LORIKEET_HOME"] = str(home)
    return home


@pytest.fixture
def start(tmp_path):
    """Starts kernels that end with the test, in a folder of its own."""
    started = []

    def start(**options):
        started.append(Kernel(**{"folder": tmp_path, **options}))
        return started[-1]

    yield start
    for kernel in started:
        kernel.close()


@pytest.fixture(scope="session")
def installed():
    """The installed kernelspec."""
    return KernelSpecManager().get_kernel_spec("lorikeet").to_dict()


@pytest.fixture
def kernel(start):
    return start()
