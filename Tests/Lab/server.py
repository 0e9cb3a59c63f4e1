"""A JupyterLab server with settings, workspaces and a folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    # Every cell stays in the page, so that a test finds those it does not see.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension/plugin": {"autosaveInterval": 600},
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder):
        self.top = Path(__file__).resolve().parents[2]
        self.root = Path(folder) / "notebooks"
        self.root.mkdir()
        settings = Path(folder) / "settings"
        for name, values in SETTINGS.items():
            file = settings / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = dict(
            os.environ,
            JUPYTERLAB_SETTINGS_DIR=str(settings),
            JUPYTERLAB_WORKSPACES_DIR=str(Path(folder) / "workspaces"),
            JUPYTER_CONFIG_DIR=str(Path(folder) / "config"),
            JUPYTER_RUNTIME_DIR=str(Path(folder) / "runtime"),
            # Signatures of trusted notebooks too: a notebook made elsewhere must look made elsewhere.
            JUPYTER_DATA_DIR=str(Path(folder) / "data"),
        )
        self.log = open(Path(folder) / "server.log", "w")
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
                f"--ServerApp.port={self.url.rsplit(':', 1)[1]}", "--ServerApp.port_retries=0",
                "--IdentityProvider.token=", f"--ServerApp.root_dir={self.root}",
                "--LabApp.extension_manager=readonly",
            ],
            env=environment, cwd=self.root, stdout=self.log, stderr=subprocess.STDOUT,
        )
        self.wait()

    def wait(self, seconds=240):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended with {self.process.returncode}: {self.log.name}")
            try:
                urllib.request.urlopen(f"{self.url}/api/status", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"JupyterLab does not answer: {self.log.name}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
