#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a demonstration (`tizhi serve --demo`) with a provider of single sign-on (tests/oidc) and
tries the application on it in a browser (main.mjs), which prints TAP. Words filter the cases by
name; pictures go to build/e2e."""
import os
import shutil
import socket
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


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()  # both have to know where the other one is
PROVIDER = subprocess.Popen(["node", "provider.mjs", f"http://127.0.0.1:{PORT}/sso"], text=True,
                            cwd=ROOT / "tests" / "oidc", stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
ISSUER = PROVIDER.stdout.readline().strip()
SETTINGS = [f"listen=127.0.0.1:{PORT}", f"web={ROOT / 'build' / 'web'}", f"oidc_issuer={ISSUER}",
            f"text={ROOT / 'web' / 'e2e' / 'official.txt'}",
            "oidc_client=without", f"oidc_redirect=http://127.0.0.1:{PORT}/sso"]
shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)
with tempfile.TemporaryDirectory() as folder, \
        Demo(Path(folder) / "town", *SETTINGS, plain=False) as demo:
    env = dict(os.environ, TIZHI_URL=f"http://127.0.0.1:{demo.port}", TIZHI_SHOTS=str(OUT),
               TIZHI_SSO=ISSUER,
               TIZHI_PASSWORD=demo.asker().get("/demo").json["password"])
    done = subprocess.run(["node", ROOT / "web" / "e2e" / "main.mjs", *sys.argv[1:]], env=env)
PROVIDER.stdin.close()
PROVIDER.wait(timeout=30)
sys.exit(done.returncode)
