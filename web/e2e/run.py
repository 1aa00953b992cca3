#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the service over a founded region and tries the application on it in a browser
(main.mjs), which prints TAP. Words filter the cases by name."""
import os
import shutil
import subprocess
import sys

from region import ROOT, PEOPLE, Region
from book import ADMINS, GOOD
from service import Service

OUT = ROOT / "build" / "e2e"

shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)
with Service(Region(), "demo=yes", f"web={ROOT / 'build' / 'web'}") as service:
    env = dict(os.environ, TIZHI_URL=f"http://127.0.0.1:{service.port}", TIZHI_PASSWORD=GOOD,
               TIZHI_USERS=" ".join([*PEOPLE, *ADMINS]), TIZHI_SHOTS=str(OUT))
    done = subprocess.run(["node", ROOT / "web" / "e2e" / "main.mjs", *sys.argv[1:]], env=env)
sys.exit(done.returncode)
