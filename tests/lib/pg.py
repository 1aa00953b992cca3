# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of its own for the test scripts, as tests/store/server.c has it: below a
temporary folder, on a private socket, as an unprivileged user.

    with Server() as server:
        place = server.place()          # for --book: a fresh schema
        server.sql(place, "DELETE …")   # past the program, its triggers dropped
        town = PostgresTown(server, PLAN, UNITS, PEOPLE)
"""
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from book import Book, Town

VERSIONS = range(15, 31)
TRIES = 600  # of 50 ms until it answers
PR_SET_PDEATHSIG = 1
TRIGGERS = ("event_kept ON event", "parcel_kept ON parcel", "layout_kept ON layout")


def bin_dir():
    for version in VERSIONS:
        path = Path(f"/usr/lib/postgresql/{version}/bin")
        if (path / "initdb").exists():
            return path
    return Path("/usr/bin")


def unprivileged():
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
        except KeyError:
            pass
    raise AssertionError("there is no user to run PostgreSQL")


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    def __init__(self):
        memory = "/dev/shm"
        self.dir = Path(tempfile.mkdtemp(prefix="tizhi-pg-",
                                         dir=memory if os.access(memory, os.W_OK) else "/tmp"))
        self.bin = bin_dir()
        self.as_user = unprivileged()
        self.n_places = 0
        if self.as_user:
            os.chown(self.dir, self.as_user["user"], self.as_user["group"])
        self.command("initdb", "-D", self.dir / "data", "-U", "tizhi", "-A", "trust", "-E", "UTF8",
                     "--locale=C", "--no-sync", "--no-instructions")
        self.log = open(self.dir / "log", "wb")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.dir / "data", "-c", "listen_addresses=",
             "-c", f"unix_socket_directories={self.dir}", "-c", "shared_buffers=32MB"],
            stdout=self.log, stderr=self.log, cwd=self.dir, env={"LC_ALL": "C"},
            preexec_fn=die_with_parent, **self.as_user)
        for _ in range(TRIES):
            if self.psql("SELECT 1", check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError((self.dir / "log").read_text("utf-8", "replace"))

    def command(self, name, *args):
        done = subprocess.run([self.bin / name, *map(str, args)], capture_output=True,
                              cwd=self.dir, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                              **self.as_user)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")

    def psql(self, sql, schema="public", check=True):
        done = subprocess.run(
            [self.bin / "psql", "-h", self.dir, "-U", "tizhi", "-d", "postgres", "-v",
             "ON_ERROR_STOP=1", "-q", "-A", "-t", "-c", f"SET search_path = {schema}", "-c", sql],
            capture_output=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done

    def place(self):
        """An empty schema; as --book wants it, and its name."""
        self.n_places += 1
        name = f"p{self.n_places}"
        self.psql(f"CREATE SCHEMA {name}")
        return (f"postgresql:///postgres?host={self.dir}&user=tizhi"
                f"&options=-c%20search_path%3D{name}"), name

    def sql(self, schema, *statements):
        drops = [f"DROP TRIGGER IF EXISTS {t}" for t in TRIGGERS]
        self.psql("; ".join(["SET client_min_messages = error", *drops, *statements]), schema)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Place(Book):
    """A book in a schema, with the folder of its evidence."""
    schema = None

    def settle_place(self, server):
        self.book, self.schema = server.place()
        return self

    def __call__(self, *args, **kw):
        return super().__call__(*args, "--files", self.dir / "files", **kw)


class PostgresTown(Place, Town):
    def __init__(self, server, plan, units, people, tables=()):
        self.server = server
        Town.__init__(self, plan, units, people, tables)

    def __call__(self, *args, **kw):
        if self.schema is None:
            self.settle_place(self.server)
        return super().__call__(*args, **kw)
