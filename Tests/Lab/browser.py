"""Which Chromium the tests drive."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium(driver):
    path = os.environ.get("LAB_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    # A sandbox cannot be had by root, as in a container; the tests open nothing but their own server.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return driver.chromium.launch(
        executable_path=path, headless="LAB_HEADED" not in os.environ, args=arguments
    )
