#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A book on PostgreSQL from the command line: from founding over a round, review and audit to a
backup on SQLite and back; tampering by psql; units; the doctor. On a server of its own.
Prints TAP."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Book, run  # noqa: E402
from pg import Place, PostgresTown, Server  # noqa: E402
from tamper import ACTS, PEOPLE, PLAN, UNITS, report  # noqa: E402
from tap import main, test  # noqa: E402

TASKS = PLAN + '任务 B1 规划 { 于 2069年 每个 学校 交付 "规划" }\n'
PHRASE = "three wise cranes above the marsh"


def like(town, server):
    """An empty place with the pack and sessions of the town."""
    other = Place()
    other.pack = town.pack
    other.settle_place(server)
    return other


def cases(server):
    town = PostgresTown(server, TASKS, UNITS, {**PEOPLE, "u1": ["filler S1 sensitive"]})
    report(town)
    (town.dir / "a.txt").write_text("规划文本\n", "utf-8")
    town("task", "file", "B1", town.dir / "a.txt", "--unit", "S1", "--day", "2025-03-01", who="u1")

    @test("founded, reported, reviewed, evidence filed; the audit verifies")
    def _():
        shown = town("report", "show", "R1", "--unit", "S1", who="u1", fmt="json")
        assert shown["state"] == "accepted", shown
        found = town("audit", "verify", who="aud", fmt="json")
        assert found["n_findings"] == 0 and found["files"] == 1 and found["anchors"] >= 1, found
        log = town("audit", "log", "--unit", "S1", "--act", "report", who="aud", fmt="json")
        assert len(log) == 5, log
        row, = town("evidence", "list", who="u1", fmt="json")
        out = town.dir / "out"
        town("evidence", "get", row["hash"], "--to", out, who="u1")
        assert out.read_text("utf-8") == "规划文本\n"

    @test("units on PostgreSQL: a move keeps old periods on the old tree")
    def _():
        town("units", "create", "S3", "--name", "三小", "--kind", "学校", "--parent", "D", "--from",
             "2025-09-01", "--cause", "新建", who="sys")
        assert "三小" in town("units", "list", who="sys")
        old = town("units", "list", "--as-of", "2025-01-01", who="sys")
        assert "三小" not in old and "一小" in old, old

    @test("backup to SQLite, back to PostgreSQL and to SQLite: the same book, whoever logs in")
    def _():
        kept = town.dir / "kept"
        said = town("backup", "--to", kept, "--secrets", who="sys", fmt="json",
                    lines=(PHRASE, PHRASE))
        assert said["files"] == 1 and said["verified"] == said["commits"], said
        bare = Book()
        bare.book, _ = server.place()
        refused = bare("restore", "--from", kept, want=3)
        assert "--files DIR" in refused, refused
        again = like(town, server)
        got = again("restore", "--from", kept, "--secrets", fmt="json", lines=(PHRASE,))
        assert got["commits"] == said["commits"] and got["secrets"] == said["secrets"], got
        local = Book()
        local.pack = town.pack
        local("restore", "--from", kept, "--secrets", lines=(PHRASE,))
        for b in (again, local):
            for who in ("u1", "aud", "sys"):
                (b.dir / f"{who}.session").write_bytes((town.dir / f"{who}.session").read_bytes())
                (b.dir / f"{who}.session").chmod(0o600)
            found = b("audit", "verify", who="aud", fmt="json")
            assert (found["n_findings"], found["files"]) == (0, 1), found
            shown = b("report", "show", "R1", "--unit", "S1", who="u1", fmt="json")
            mine = town("report", "show", "R1", "--unit", "S1", who="u1", fmt="json")
            assert shown == mine
        more = again("backup", "--to", kept, who="sys", fmt="json")  # and it goes on from there
        assert more["before"] == said["commits"] <= more["commits"], more

    @test("restored without secrets: regained by the three administrators")
    def _():
        kept = town.dir / "plain"
        town("backup", "--to", kept, who="sys")
        again = like(town, server)
        assert "user regain" in again("restore", "--from", kept)
        once = again("user", "regain", *ADMINS, fmt="json")
        assert list(once) == list(ADMINS)

    @test("the doctor on PostgreSQL: a missing file, an anchor that was never taken, then nothing")
    def _():
        kept = town.dir / "seen"
        town("backup", "--to", kept, "--secrets", who="sys", lines=(PHRASE, PHRASE))
        b = like(town, server)
        b("restore", "--from", kept, "--secrets", lines=(PHRASE,))
        for who in ("aud", "sys"):
            (b.dir / f"{who}.session").write_bytes((town.dir / f"{who}.session").read_bytes())
            (b.dir / f"{who}.session").chmod(0o600)
        (b.dir / "files").chmod(0o700)
        file, = (b.dir / "files").glob("??/*")
        file.rename(b.dir / "aside")

        def seen(want):
            said = b("doctor", who="sys", fmt="json", want=want)
            assert said["opened"] and said["engine"] == "PostgreSQL", said
            return {f["code"] for f in said["findings"]} - {"disk_low"}
        found = seen(4)
        assert {"files_gone", "anchor_none"} <= found, found
        (b.dir / "aside").rename(file)
        b("audit", "anchor", who="aud")
        b("backup", "--to", b.dir / "mine", who="sys")
        status = 1 if shutil.disk_usage(b.dir).free < 2048 << 20 else 0
        assert not {"files_gone", "anchor_none", "backup_none"} & seen(status), found
        assert "postgres" in b("doctor", who="sys", lang="zh", want=status).lower()

    @test("each sort of tampering by psql is found, and where")
    def _():
        kept = town.dir / "tamper"
        town("backup", "--to", kept, "--secrets", who="sys", lines=(PHRASE, PHRASE))
        for act in ACTS:
            b = like(town, server)
            b("restore", "--from", kept, "--secrets", lines=(PHRASE,))
            (b.dir / "aud.session").write_bytes((town.dir / "aud.session").read_bytes())
            (b.dir / "aud.session").chmod(0o600)
            at = act.place(b)
            server.sql(b.schema, *act.sql(at))
            found = b("audit", "verify", who="aud", want=1, fmt="json")["findings"]
            act.check(at, found)

    @test("a server that is not there: said so, exit status 4 or 3")
    def _():
        status, _, err = run("audit", "verify", "--as", "aud", "--lang", "en", "--book",
                             f"postgresql:///postgres?host={town.dir}&user=tizhi")
        assert status in (3, 4) and "PostgreSQL" in err, (status, err)


if __name__ == "__main__":
    with Server() as the_server:
        cases(the_server)
    sys.exit(main())
