# SPDX-License-Identifier: Apache-2.0
"""A book with people, for the test scripts: founded through the command line, with users who have
seats and are logged in. Founding takes a while, so a founded book is copied for each case.

    TOWN = Town(PLAN, UNITS, {"li": ["filler S1 internal"]})
    book = TOWN.copy()
    book("report", "show", "R1", "--unit", "S1", who="li", fmt="json")
"""
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
GOOD = "Kumis-9-lamp"  # everybody's password
ADMINS = ("sys", "sec", "aud")
WARNINGS = ("warning: passwords are hashed cheaply, for tests only\n",
            "警告：密码散列强度已降低，仅供测试\n")


def run(*args, lines=(), cheap=True, home=None):
    """Exit status, stdout, stderr without the warning of cheap hashes."""
    env = {k: v for k, v in os.environ.items() if k != "TIZHI_TEST_CHEAP_PASSWORDS"}
    if cheap:
        env["TIZHI_TEST_CHEAP_PASSWORDS"] = "1"
    if home:
        env["XDG_STATE_HOME"] = str(home)
    done = subprocess.run([TIZHI, *map(str, args)], capture_output=True, timeout=300, env=env,
                          input="".join(f"{x}\n" for x in lines).encode())
    err = done.stderr.decode("utf-8")
    for warning in WARNINGS:
        err = err.removeprefix(warning)
    return done.returncode, done.stdout.decode("utf-8"), err


class Book:
    """A folder with a pack, a book and the sessions of its users."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.dir = Path(self.folder.name)
        self.pack = self.dir / "pack"
        self.book = self.dir / "region.book"

    def __call__(self, *args, who=None, want=0, lang="en", fmt=None, lines=()):
        """Runs a command as somebody; its answer, or with a failure what it said."""
        kept = str(args[0]) in ("user", "seat", "audit", "backup", "restore", "doctor")
        more = ["--book", self.book, "--lang", lang]
        more += [] if kept and "--pack" not in args and args[:2] != ("seat", "hand") else \
            ["--pack", self.pack] if "--pack" not in args else []
        more += ["--session", self.dir / f"{who}.session"] if who else []
        more += ["--format", fmt] if fmt else []
        status, out, err = run(*args, *more, lines=lines, home=self.dir / "state")
        assert status == want, f"exit {status}, not {want}: {args} as {who}: {out}{err}"
        return json.loads(out) if fmt == "json" and status == want and out else out + err

    def settle(self, user, once):
        """From a password for one use to a session."""
        book = ("--book", self.book)
        for args, lines in ((("password",), (once, GOOD, GOOD)),
                            (("login", "--session", self.dir / f"{user}.session"), (GOOD,))):
            status, out, err = run("user", *args, "--as", user, *book, lines=lines)
            assert status == 0, out + err

    def seat(self, user, role, unit, ceiling):
        self("seat", "give", f"{unit}.{role}.{user}".lower(), "--role", role, "--unit", unit,
             "--class", ceiling, "--holder", user, who="sec")

    def user(self, user, *seats):
        if user not in ADMINS:
            made = self("user", "add", user, "--name", f"name of {user}", who="sec", fmt="json")
            self.settle(user, made["password"])
        for seat in seats:
            self.seat(user, *seat.split())


class Town(Book):
    """people: user -> seats, each "role unit class"; tables: further files of the pack."""

    def __init__(self, plan, units, people, tables=()):
        super().__init__()
        self.pack.mkdir()
        for name, text in (("a.plan", plan), ("units.csv", units), *tables):
            (self.pack / name).write_text(text, "utf-8")
        self("book", "init")
        for user, once in self("user", "found", *ADMINS, fmt="json").items():
            self.settle(user, once)
        for user, seats in people.items():
            self.user(user, *seats)

    def copy(self, plan=None, facts=None, issuer="issuer"):
        """Another one like it, with another plan or with facts that the issuer loads."""
        b = Book()
        shutil.copytree(self.dir, b.dir, dirs_exist_ok=True)
        if plan:
            (b.pack / "a.plan").write_text(plan, "utf-8")
        if facts:
            (b.pack / "facts.csv").write_text(facts, "utf-8")
            b("book", "load", who=issuer)
        return b
