#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service over the demonstration region: what an answer takes while reports are submitted, how
much memory it needs, how many listen, and whether it grows over a day. wrk asks, nginx serving the
same bytes is the ceiling. Answers are compared with those of `tizhi eval` before anything is timed.

usage: run_service.py [--quick] [--percent N] [--docs]
  --quick     a twentieth of the region, short: does everything work?
  --percent   size of the region, 100 unless said otherwise
  --docs      put the figures into docs/performance.md, too

Results: build/bench/service.json. The region is made once and kept in build/bench/service.
"""
import argparse
import http.client
import json
import os
import re
import resource
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from book import ADMINS, GOOD, TIZHI, Book  # noqa: E402
from book import run as run_tizhi  # noqa: E402
from service import Service, part  # noqa: E402

OUT = ROOT / "build" / "bench"
DAY = "2026-11-26"
YEAR = 2025
ROUND = {"round": "BENCH", "form": "F.evaluation", "period": "2026"}
RATE = 500         # reads a second
SUBMISSIONS = 50   # a second
LISTENERS = 2000
P99_MS, MEMORY_MIB = 20, 400
DAY_READS, DAY_SUBMISSIONS = 200000, 2000  # what a day of 7,000 units is taken to be
NGINX = """{user}
worker_processes 1;
pid {dir}/pid;
error_log {dir}/error.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {dir}/b; proxy_temp_path {dir}/p;
    fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
    server {{ listen 127.0.0.1:{port}; root {dir}/root; default_type application/json; }}
}}
"""


def say(chinese, english):
    print(f"== {chinese} / {english}", file=sys.stderr, flush=True)


# ---- the region ----------------------------------------------------------------------------------

class Region(Book):
    def __init__(self, folder):
        self.dir = folder
        self.pack = folder / "pack"
        self.book = folder / "region.book"


def make_region(percent):
    """A book of the region with an issuer, who also enters, and a leader; made once."""
    kept = OUT / "service" / f"{percent}"
    if (kept / "done").exists():
        return kept
    shutil.rmtree(kept, ignore_errors=True)
    say(f"生成示例区域（{percent} %）", f"making the region ({percent} %)")
    kept.mkdir(parents=True)
    b = Region(kept)
    shutil.copytree(ROOT / "plans" / "nmg-2024", b.pack)
    data = kept / "data"
    subprocess.run([TIZHI, "demo-data", "--pack", b.pack, "--out", data, "--percent", str(percent),
                    "--as-of", DAY], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([TIZHI, "book", "init", "--pack", b.pack, "--data", data / "data", "--book",
                    b.book], check=True, stdout=subprocess.DEVNULL)  # takes as long as it takes
    shutil.rmtree(data)
    for user, once in b("user", "found", *ADMINS, fmt="json").items():
        b.settle(user, once)
    root = (b.pack / "units.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    b.user("iss", f"issuer {root} internal")
    b.user("lead", f"leader {root} internal")
    b("round", "open", ROUND["round"], "--form", ROUND["form"], "--period", ROUND["period"],
      "--due", "2199-01-01", "--minutes", "1", who="iss")
    (kept / "root").write_text(root, "utf-8")
    (kept / "done").touch()
    return kept


def copy_region(kept):
    work = OUT / "service" / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(kept, work)
    b = Region(work)
    status, out, err = run_tizhi("user", "login", "--session", work / "lead.session", "--as",
                                 "lead", "--book", b.book, lines=(GOOD,))
    assert status == 0, out + err
    return b, (kept / "root").read_text("utf-8")


# ---- questions -----------------------------------------------------------------------------------

def questions(asker, root):
    """Paths of overviews and of commitments: of the region, its cities and counties."""
    rows = asker.get("/units?limit=1000&sort=level").json["units"]
    units = [u["code"] for u in rows if u["level"] <= 2][:120]
    targets = [c["id"] for c in asker.get("/commitments?limit=1000").json["commitments"]]
    paths = [f"/api/v1/units/{u}/overview" for u in units]
    some = []
    for target in targets:
        answer = asker.get(f"/verdicts?target={part(target)}&unit={root}&year={YEAR}")
        if answer.status == 200 and answer.json["verdicts"]:
            some.append(target)
        if len(some) == 40:
            break
    for i, target in enumerate(some):
        paths += [f"/api/v1/commitments/{part(target)}/units/{u}?year={YEAR}"
                  for u in (root, units[i % len(units)], units[(i * 7 + 1) % len(units)])]
    return paths, some


def compare(b, asker, root):
    """All verdicts of the region by the service, and those of the command line."""
    said = b("eval", "--unit", root, "--year", YEAR, who="lead", fmt="json")["verdicts"]
    got, after = [], ""
    while after is not None:
        page = asker.get(f"/verdicts?unit={root}&year={YEAR}&limit=1000{after}").json
        got += page["verdicts"]
        after = f"&after={part(page['next'])}" if page["next"] else None
    keys = ("target", "part", "year", "state", "text")
    want, have = ([[v[k] for k in keys] for v in rows] for rows in (said, got))
    # Of sealed data the service tells the state alone.
    differ = sum(x[:-1] != y[:-1] or (y[-1] != "" and x != y) for x, y in zip(want, have))
    assert len(want) == len(have) and differ == 0, f"{len(want)}, {len(have)}: {differ} differ"
    return len(want)


# ---- load ----------------------------------------------------------------------------------------

def wrk(port, paths, cookie="", seconds=10, connections=50, rate=0, pack="gzip"):
    """Answers of wrk: counts and milliseconds."""
    file = OUT / "service" / "paths"
    file.write_text("".join(f"{p}\n" for p in paths), "utf-8")
    # An answer takes its time, too: with pauses alone it would be a little less than the rate.
    gap = round(connections * 960 / rate) if rate else 0
    env = dict(os.environ, PATHS=str(file), COOKIE=cookie, GAP_MS=str(gap), PACK=pack)
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
                           "-s", ROOT / "bench" / "service.lua", f"http://127.0.0.1:{port}"],
                          capture_output=True, text=True, env=env, check=True)
    out = json.loads(done.stdout.strip().splitlines()[-1])
    out["per_second"] = round(out["requests"] / out["seconds"], 1)
    return out


class Writers:
    """Reports of schools entered and submitted, so many a second, each over a kept connection."""

    def __init__(self, service, asker, schools, rate, threads=4):
        self.service, self.cookie, self.schools = service, asker.cookie, schools
        self.rate, self.lock = rate, threading.Lock()
        self.next, self.over, self.began = 0, False, time.monotonic()
        self.done, self.failed, self.us = 0, [], []
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]
        for t in self.threads:
            t.start()

    def take(self):
        with self.lock:
            i = self.next
            self.next += 1
        return i if i < len(self.schools) else None

    def run(self):
        c = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        while not self.over:
            i = self.take()
            if i is None:
                return
            time.sleep(max(0.0, self.began + i / self.rate - time.monotonic()))
            if not self.over:
                self.submit(c, self.schools[i])

    def post(self, c, path, body):
        c.request("POST", "/api/v1" + path, json.dumps(body),
                  {"Cookie": self.cookie, "Content-Type": "application/json"})
        r = c.getresponse()
        return r.status, json.loads(r.read())

    def submit(self, c, school):
        path = f"/rounds/{ROUND['round']}/reports/{school}"
        cells = [{"item": x, "value": "是"} for x in self.service.items]
        begin = time.monotonic()
        status, said = self.post(c, path + "/save", {"seen": 0, "cells": cells})
        if status == 200:
            status, said = self.post(c, path + "/submit", {"seen": said["seen"]})
        if status != 200:
            self.failed.append((school, status, said.get("title")))
            return
        self.us.append((time.monotonic() - begin) * 1000)
        self.done += 1

    def stop(self):
        self.over = True
        for t in self.threads:
            t.join()
        us = sorted(self.us) or [0]
        return {"submissions": self.done, "failed": len(self.failed), "first": self.failed[:2],
                "per_second": round(self.done / (time.monotonic() - self.began), 1),
                "p50_ms": round(us[len(us) // 2], 2), "p99_ms": round(us[len(us) * 99 // 100], 2)}


class Listeners:
    """Event streams that are read, and nothing made of it."""

    def __init__(self, service, asker, n):
        self.chosen = selectors.DefaultSelector()
        self.bytes, self.ended, self.over = 0, 0, False
        ask = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {asker.cookie}\r\n\r\n".encode()
        for _ in range(n):
            s = socket.create_connection(("127.0.0.1", service.port))
            s.sendall(ask)
            self.chosen.register(s, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while not self.over:
            for key, _ in self.chosen.select(0.2):
                got = key.fileobj.recv(65536)
                self.bytes += len(got)
                if not got:
                    self.ended += 1
                    self.chosen.unregister(key.fileobj)

    def stop(self):
        self.over = True
        self.thread.join()
        for key in list(self.chosen.get_map().values()):
            key.fileobj.close()
        return {"bytes": self.bytes, "ended": self.ended}


# ---- what the process takes ----------------------------------------------------------------------

def takes(service):
    pid = service.process.pid
    text = Path(f"/proc/{pid}/status").read_text("ascii")
    rss, peak = (int(re.search(rf"^{k}:\s+(\d+)", text, re.M)[1]) // 1024
                 for k in ("VmRSS", "VmHWM"))
    temp = sum(x.stat().st_size for x in service.temp.rglob("*") if x.is_file())
    return {"rss_mib": rss, "peak_mib": peak, "files": len(os.listdir(f"/proc/{pid}/fd")),
            "temp_bytes": temp}


def rests(service):
    """What it takes once connections that have ended are closed on its side, too."""
    before = None
    for _ in range(50):
        now = takes(service)
        if before is not None and now["files"] >= before["files"]:
            break
        before = now
        time.sleep(0.2)
    return now


def nginx_over(answers):
    """nginx on the bytes of these answers, by the name of a file each; its port and process."""
    folder = OUT / "service" / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "root").mkdir(parents=True)
    for name, data in answers.items():
        (folder / "root" / name).write_bytes(data)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(NGINX.format(dir=folder, port=port, user=user), "utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-p", folder, "-e", folder / "error.log", "-c",
                                folder / "conf"])
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return port, process
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx has not started")


# ---- stages --------------------------------------------------------------------------------------

def ceiling(service, asker, root, target, seconds):
    """Each kind of answer as fast as it goes, beside nginx with the same bytes."""
    kinds = {"overview": f"/api/v1/units/{root}/overview",
             "commitment": f"/api/v1/commitments/{part(target)}/units/{root}?year={YEAR}"}
    bodies = {k: asker.ask("GET", p).bytes for k, p in kinds.items()}
    port, process = nginx_over({f"{k}.json": v for k, v in bodies.items()})
    out = {}
    try:
        for kind, path in kinds.items():
            ours = wrk(service.port, [path], asker.cookie, seconds, 16, pack="identity")
            theirs = wrk(port, [f"/{kind}.json"], "", seconds, 16, pack="identity")
            packed = wrk(service.port, [path], asker.cookie, seconds, 16)
            out[kind] = {"bytes": len(bodies[kind]), "tizhi": ours, "nginx": theirs,
                         "tizhi_gzip": packed,
                         "ratio": round(theirs["per_second"] / ours["per_second"], 1)}
    finally:
        process.terminate()
        process.wait()
    return out


def goal(service, asker, issuer, paths, schools, plan):
    """Reads at the rate while reports are submitted and many listen."""
    listeners = Listeners(service, asker, plan["listeners"])
    while f"tizhi_streams {plan['listeners']}\n" not in asker.get("/metrics").text:
        time.sleep(0.05)
    open_ = takes(service)
    writers = Writers(service, issuer, schools, SUBMISSIONS)
    reads = wrk(service.port, paths, asker.cookie, plan["seconds"], 50, RATE)
    written = writers.stop()
    return {"reads": reads, "writes": written, "with_streams": open_,
            "streams": listeners.stop(), "after": takes(service)}


def day(service, asker, issuer, paths, schools, plan):
    """A day's requests as fast as they go, in ten parts, and what is taken after each."""
    parts = []
    each = max(1, plan["day_submissions"] // 10)
    for i in range(10):
        writers = Writers(service, issuer, schools[i * each:(i + 1) * each], 1e9)
        n, began = 0, time.monotonic()
        while n < plan["day_reads"] // 10:
            n += wrk(service.port, paths, asker.cookie, plan["slice"], 50)["requests"]
        for t in writers.threads:
            t.join()
        parts.append({**rests(service), "reads": n, "submissions": writers.done,
                      "seconds": round(time.monotonic() - began, 1)})
    grown = parts[-1]["rss_mib"] - parts[2]["rss_mib"]
    return {"parts": parts, "grown_mib": grown, "files_grown": parts[-1]["files"]
            - parts[2]["files"], "temp_bytes": parts[-1]["temp_bytes"]}


def schools_of(issuer):
    """Units that owe the round, from all parts of the region in turn."""
    rows, after = [], ""
    while True:
        got = issuer.get(f"/rounds/{ROUND['round']}/reports?limit=1000{after}").json
        rows += [r["unit"] for r in got["reports"]]
        if got["next"] is None:
            break
        after = f"&after={got['next']}"
    return rows[::2] + rows[1::2]


def run(percent, plan):
    b, root = copy_region(make_region(percent))
    temp = OUT / "service" / "temp"
    temp.mkdir(exist_ok=True)
    began = time.monotonic()
    with Service(b, f"temp={temp}") as s:
        s.temp = temp
        result = {"percent": percent, "start_s": round(time.monotonic() - began, 1),
                  "idle": takes(s)}
        lead, issuer = s.login("lead"), s.login("iss")
        result["units"] = 1 + lead.get(f"/units/{root}").json["below"]
        paths, targets = questions(lead, root)
        result["compared"] = compare(b, lead, root)
        schools = schools_of(issuer)
        s.items = [c["item"] for c in
                   issuer.get(f"/rounds/{ROUND['round']}/reports/{schools[0]}").json["cells"]]
        result["schools"], result["questions"] = len(schools), len(paths)
        say("上限：与 nginx 并排", "the ceiling, beside nginx")
        result["ceiling"] = ceiling(s, lead, root, targets[0], plan["seconds"] // 2)
        say("目标：边报送边读取", "the goal: reading while reports are submitted")
        n = SUBMISSIONS * plan["seconds"]
        result["goal"] = goal(s, lead, issuer, paths, schools[:n], plan)
        say("一天的请求", "a day of requests")
        result["day"] = day(s, lead, issuer, paths, schools[n:], plan)
        result["stopped"] = s.stop()
        result["left"] = len(list(temp.iterdir()))
    return result


# ---- telling -------------------------------------------------------------------------------------

def table(r):
    g, c, d = r["goal"], r["ceiling"], r["day"]
    reads, writes = g["reads"], g["writes"]
    lines = [
        f"*{r['units']:,} units, {r['percent']} % of the demonstration region, 2 cores, loopback; "
        f"{r['compared']} verdicts compared with `eval`, all equal.*", "",
        "| | goal | measured |", "|---|---|---|",
        f"| overview and commitment, {RATE} a second asked for | p99 < {P99_MS} ms | "
        f"{reads['per_second']:,} a second, p50 {reads['p50_ms']:.1f}, p99 {reads['p99_ms']:.1f}, "
        f"slowest {reads['max_ms']:.0f} ms, {reads['errors']} errors |",
        f"| meanwhile reports entered and submitted (two durable commits each) | "
        f"{SUBMISSIONS} a second | {writes['per_second']} a second, p50 {writes['p50_ms']:.1f}, "
        f"p99 {writes['p99_ms']:.1f} ms, {writes['failed']} refused |",
        f"| meanwhile event streams open | {LISTENERS:,} | {g['with_streams']['files']:,} files "
        f"open, {g['streams']['bytes'] / 1e6:.1f} MB told, {g['streams']['ended']} cut off |",
        f"| memory: started, with streams, after the run, peak | < {MEMORY_MIB} MiB | "
        f"{r['idle']['rss_mib']}, {g['with_streams']['rss_mib']}, {g['after']['rss_mib']}, "
        f"{g['after']['peak_mib']} MiB |",
        f"| a day's requests in {sum(p['seconds'] for p in d['parts']):.0f} s "
        f"({sum(p['reads'] for p in d['parts']):,} reads, "
        f"{sum(p['submissions'] for p in d['parts']):,} submissions): growth from its third tenth "
        f"to its last | none | {d['grown_mib']} MiB, {d['files_grown']} files, "
        f"{d['temp_bytes']} bytes of temporary files |", "",
        "| as fast as it goes, 16 connections | bytes | tizhi | with gzip | nginx, the same bytes |"
        " nginx ÷ tizhi |", "|---|---|---|---|---|---|"]
    for kind, x in c.items():
        lines.append(f"| {kind} | {x['bytes']:,} | {x['tizhi']['per_second']:,.0f}/s, p99 "
                     f"{x['tizhi']['p99_ms']:.1f} ms | {x['tizhi_gzip']['per_second']:,.0f}/s | "
                     f"{x['nginx']['per_second']:,.0f}/s | {x['ratio']} |")
    return lines


BEGIN, END = "<!-- service: begin -->", "<!-- service: end -->"


def write_docs(lines):
    path = ROOT / "docs" / "performance.md"
    text = path.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    path.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + tail, "utf-8")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--quick", action="store_true")
    p.add_argument("--percent", type=int)
    p.add_argument("--docs", action="store_true")
    args = p.parse_args()
    os.environ["TIZHI_TEST_CHEAP_PASSWORDS"] = "1"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
    percent = args.percent or (5 if args.quick else 100)
    plan = {"seconds": 6, "listeners": 200, "day_reads": 5000, "day_submissions": 40, "slice": 1} \
        if args.quick else {"seconds": 30, "listeners": LISTENERS, "day_reads": DAY_READS,
                            "day_submissions": DAY_SUBMISSIONS, "slice": 2}
    result = run(percent, plan)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "service.json").write_text(json.dumps(result, indent=1), "utf-8")
    lines = table(result)
    print("\n".join(lines))
    if args.docs:
        write_docs(lines)


if __name__ == "__main__":
    main()
