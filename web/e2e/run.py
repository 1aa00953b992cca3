#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a demonstration (`tizhi serve --demo`) and tries the application on it in a browser
(main.mjs), which prints TAP. Words filter the cases by name; pictures go to build/e2e."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from book import TIZHI  # noqa: E402
from service import Service  # noqa: E402

OUT = ROOT / "build" / "e2e"


class Demo(Service):
    def arguments(self):
        return [TIZHI, "serve", "--demo", "--pack", ROOT / "plans" / "nmg-2024", "--lang", "en",
                "--percent", "2", "--out", self.book]


shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)
with tempfile.TemporaryDirectory() as folder, \
        Demo(Path(folder) / "town", f"web={ROOT / 'build' / 'web'}",
             f"text={ROOT / 'web' / 'e2e' / 'official.txt'}", plain=False) as demo:
    env = dict(os.environ, TIZHI_URL=f"http://127.0.0.1:{demo.port}", TIZHI_SHOTS=str(OUT),
               TIZHI_PASSWORD=demo.asker().get("/demo").json["password"])
    done = subprocess.run(["node", ROOT / "web" / "e2e" / "main.mjs", *sys.argv[1:]], env=env)
sys.exit(done.returncode)
