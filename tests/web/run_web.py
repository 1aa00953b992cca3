#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The web application without a browser: types against the routes of this very build, unit tests,
and that it builds. Prints TAP."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ROOT, TIZHI  # noqa: E402
from tap import main, test  # noqa: E402

WEB = ROOT / "web"
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build"))


def npm(*args):
    done = subprocess.run(["npm", "--prefix", WEB, "run", "--silent", *args], capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


# Once is enough: other builds of the program have the same routes.
if BUILD.name != "build":
    print("1..0 # skip only with the plain build")
    sys.exit(0)
if shutil.which("npm") is None or not (WEB / "node_modules").is_dir():
    sys.exit("the packages of the web application are not there: run ./x web once")


@test("the application fits the interface of the service, templates included")
def _():
    api = subprocess.run([TIZHI, "serve", "--openapi"], capture_output=True, check=True)
    (BUILD / "openapi.json").write_bytes(api.stdout)
    npm("types")
    npm("check")


@test("it is formatted")
def _():
    npm("fmt:check")


@test("unit tests")
def _():
    out = npm("test")
    assert len(re.findall(r"^ok ", out, re.M)) >= 20 and "\nnot ok" not in out, out


@test("it builds, without code or styles in the page")
def _():
    with tempfile.TemporaryDirectory() as into:
        npm("build", "--", "--logLevel", "warn", "--outDir", into)
        page = (Path(into) / "index.html").read_text("utf-8")
        assert not re.search(r"<style|<script(?![^>]* src=)| style=| on\w+=", page), page
        assert not re.search(r"https?://", page), page


sys.exit(main())
