#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmark: tizhi beside DuckDB, PostgreSQL and SQLite on the same generated facts.

usage: run_bench.py [--quick] [--stage NAME]... [--docs]
  --quick   small sizes: does everything work?
  --stage   region, nation, rollup, commits, growth, kernels, book, profile;
            default: all in this order
  --docs    put figures and plots into docs/performance.md and docs/plots, too

The library of DuckDB is fetched by npm (bench/package-lock.json pins it), PostgreSQL is started on
a socket in a temporary folder and stopped at the end; who is not there is left out. Results:
build/bench/result.json and plots beside it. docs/performance.md says what the figures mean.
"""
import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import plot  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build")).resolve()
PROGRAM = BUILD / "bench" / "tizhi-bench"
PARTS = BUILD / "bench" / "tizhi-parts"
PROGRAM_BOOK = BUILD / "bench" / "tizhi-bench-book"
DAY_REPORTS = 7500 * 25 * 60 // 100  # of a deadline day: 60 % of all forms in its last hours
OUT = BUILD / "bench"
DUCKDB = Path("node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so")

SHAPES = {  # cities, counties, schools; the region itself is one unit more
    "region": (12, 103, 13000 - 116),
    "large": (340, 2900, 200000 - 3241),  # what commits and the evaluation anew fit in 24 GiB with
    "nation": (340, 2900, 550000 - 3241),
    "small": (3, 12, 300 - 16),
}
STAGES = ["region", "nation", "rollup", "commits", "growth", "kernels", "book", "profile"]
PROFILE_ROWS = 15
NAMES = {"tizhi": "提质 tizhi", "duckdb": "DuckDB", "postgres": "PostgreSQL", "sqlite": "SQLite"}


def say(chinese, english):
    print(f"== {chinese} / {english}", file=sys.stderr, flush=True)


# ---- who takes part ------------------------------------------------------------------------------

def fetch_duckdb():
    """Path of the library, or None."""
    folder = OUT / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "bench" / name, folder / name)
    if not (folder / DUCKDB).is_file() and shutil.which("npm"):
        say("下载 DuckDB", "fetching DuckDB")
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                       stdout=subprocess.DEVNULL, check=False)
    return folder / DUCKDB if (folder / DUCKDB).is_file() else None


def postgres_programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


def memory_mib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def durable_settings(folder):
    """As for a book: what is acknowledged is on disk."""
    given = {"listen_addresses": "''", "unix_socket_directories": f"'{folder}'",
             "shared_buffers": f"{memory_mib() // 8}MB", "fsync": "on", "synchronous_commit": "on",
             "full_page_writes": "on", "max_connections": "250", "max_wal_size": "4GB"}
    return "".join(f"{key} = {value}\n" for key, value in given.items())


def postgres_settings(folder):
    """As for a machine that serves this one database; nothing waits for a disk."""
    threads = os.cpu_count()
    given = {
        "listen_addresses": "''", "unix_socket_directories": f"'{folder}'",
        "shared_buffers": f"{memory_mib() // 4}MB", "work_mem": "256MB",
        "maintenance_work_mem": "512MB", "temp_buffers": "256MB", "fsync": "off",
        "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
        "wal_level": "minimal", "max_wal_senders": "0", "max_parallel_workers": str(threads),
        "max_parallel_workers_per_gather": str(threads), "min_parallel_table_scan_size": "0",
        "parallel_setup_cost": "0",
    }
    return "".join(f"{key} = {value}\n" for key, value in given.items())


@contextlib.contextmanager
def postgres(settings=postgres_settings):
    """A server of our own; yields a function that makes an empty database, or None."""
    bin_dir = postgres_programs()
    if bin_dir is None:
        yield None
        return
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="tizhi-bench-") as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder) / "data"

        def run(*argv):
            return subprocess.run([str(bin_dir / argv[0]), *argv[1:]], user=user, cwd=folder,
                                  stdout=subprocess.DEVNULL, check=True)

        run("initdb", "-D", str(data), "-A", "trust", "-U", "bench", "--no-sync")
        with open(data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(settings(folder))
        run("pg_ctl", "-D", str(data), "-w", "-l", f"{folder}/log", "start")
        made = []

        def database():
            made.append(f"b{len(made)}")
            if len(made) > 1:
                run("dropdb", "-h", folder, "-U", "bench", made[-2])
            run("createdb", "-h", folder, "-U", "bench", made[-1])
            return f"host={folder} user=bench dbname={made[-1]}"
        try:
            yield database
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


# ---- running -------------------------------------------------------------------------------------

class Bench:
    def __init__(self, duckdb, database, quick, stages):
        self.duckdb, self.database, self.quick = duckdb, database, quick
        self.stages = stages

    def run(self, shape, **options):
        options = dict(zip(("cities", "counties", "schools"), shape), **options)
        argv = [str(PROGRAM)] + [a for k, v in options.items() for a in (f"--{k}", v)]
        done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"基准程序失败 / the benchmark failed: {' '.join(map(str, argv))}")
        return json.loads(done.stdout)

    def stage(self, name):
        if name not in ("region", "nation"):
            return getattr(self, name)()
        return self.contest(name, list(NAMES) if name == "region" else ["tizhi", "duckdb"])

    def contest(self, name, only):
        say(f"比较 {name}", f"contest {name}")
        shape = SHAPES["small" if self.quick else name]
        who = {"only": ",".join(only)}
        if self.duckdb and "duckdb" in only:
            who["duckdb"] = self.duckdb
        if self.database and "postgres" in only:
            who["postgres"] = self.database()
        return self.run(shape, rounds=3 if self.quick else 9, budget=2 if self.quick else 60,
                        **who)

    def commits(self):
        """One fact and ten thousand, at the sizes contested; one fact against what could matter."""
        sizes, varied = {}, {}
        few = {"singles": 200, "batch": 100} if self.quick else {"singles": 1000, "batch": 1000}
        for name in ["region"] + (["large"] if "nation" in self.stages else []):
            say(f"提交 {name}", f"commits {name}")
            sizes[name] = self.run(SHAPES["small" if self.quick else name],
                                   singles=few["singles"], batch=200 if self.quick else 10000,
                                   changes=int(name == "region"))
        for what, points in commit_points(self.quick).items():
            varied[what] = []
            for x, shape, options in points:
                say(f"提交 {what} {x}", f"commits {what} {x}")
                got = self.run(shape, **few, **options)
                varied[what].append((x, got["median"]))
        varied["readers"] = []
        for targets in (54, 215, 860):
            say(f"提交 readers {targets}", f"commits readers {targets}")
            got = self.run(shape_of(500 if self.quick else 5000), items=100, targets=targets,
                           **few)
            reads = sum(n * count for n, _, count in got["by_readers"]) / got["singles"]
            varied["readers"].append((round(reads, 1), got["median"]))
        return {"sizes": sizes, "varied": varied}

    def parts(self, *argv):
        done = subprocess.run([str(PARTS), *map(str, argv)], stdout=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f"基准程序失败 / the benchmark failed: {PARTS.name} {argv}")
        return json.loads(done.stdout)

    def kernels(self):
        """The loops of the engine, as compiled and written by hand."""
        say("内核", "kernels")
        return self.parts("kernels")["kernels"]

    def rollup(self):
        """All roll-ups without rows, at the sizes contested."""
        out = {}
        for name in [n for n in ("region", "nation") if n in self.stages] or ["region"]:
            say(f"汇总 {name}", f"roll-up {name}")
            shape = SHAPES["small" if self.quick else name]
            out[name] = self.parts("rollup", *shape, 9 if name == "region" else 3)
        return out

    def growth(self):
        """Curves: what is varied -> list of (x, seconds)."""
        curves = {}
        for what, points in growth_points(self.quick).items():
            curves[what] = []
            for x, shape, options in points:
                say(f"增长曲线 {what} {x}", f"growth {what} {x}")
                got = self.run(shape, only="tizhi", rounds=3, budget=5, read=0, **options)
                curves[what].append((x, got["contestants"][0]["seconds"]))
        return curves


    def book(self):
        """Reports a second with and without a book, a deadline day, a process that opens it."""
        got = {"rate": [], "start": [], "day": []}
        few = 20 if self.quick else 1
        with tempfile.TemporaryDirectory(prefix="tizhi-bench-") as folder, \
                postgres(durable_settings) as database:
            made = []

            def place(engine):
                made.append(engine)
                return database() if engine == "postgres" else f"{folder}/{len(made)}.book"

            def measure(what, engine, **options):
                where = place(engine)
                argv = [str(PROGRAM_BOOK), what, where, "--files", f"{folder}/files{len(made)}"]
                argv += [str(a) for k, v in options.items() for a in (f"--{k}", v)]
                done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False)
                if done.returncode != 0:
                    raise SystemExit(f"基准程序失败 / the benchmark failed: {' '.join(argv)}")
                return json.loads(done.stdout)

            engines = ["sqlite"] + (["postgres"] if database else [])
            schools = 300 if self.quick else 7500
            for engine in engines:
                for clients in (1, 200):
                    reports = (600 if clients == 1 else 9000) // few
                    for what in ("rate", "plain"):
                        say(f"账本 {engine} {clients} {what}", f"book {engine} {clients} {what}")
                        r = measure(what, engine, clients=clients, reports=reports, items=420,
                                    figures=420, targets=54)
                        got["rate"].append(dict(r, engine=engine, clients=clients, what=what))
                say(f"账本 {engine} 截止日", f"book {engine} deadline day")
                per_second = DAY_REPORTS // 60 // few
                r = measure("rate", engine, clients=200, reports=DAY_REPORTS // few // few,
                            rate=per_second, targets=54)
                got["day"].append(dict(r, engine=engine, per_second=per_second))
                say(f"账本 {engine} 启动", f"book {engine} start")
                r = measure("start", engine, schools=schools)
                got["start"].append(dict(r, engine=engine, schools=schools))
        return got

    def profile(self):
        """The functions that take most of a few evaluations: [(name, percent)]; [] without perf."""
        if not shutil.which("perf"):
            return []
        say("时间去向", "where the time goes")
        cities, counties, schools = SHAPES["small" if self.quick else "region"]
        data = OUT / "perf.data"
        argv = [str(PROGRAM), "--cities", cities, "--counties", counties, "--schools", schools,
                "--only", "tizhi", "--rounds", 9, "--budget", 10, "--read", 0]
        subprocess.run(["perf", "record", "-q", "-F", "499", "-o", str(data), "--",
                        *map(str, argv)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)
        shown = subprocess.run(["perf", "report", "-i", str(data), "--stdio", "--no-children",
                                "-s", "symbol", "--percent-limit", "1"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, check=False).stdout
        found = re.findall(r"^\s+([\d.]+)%\s+\[[.k]\] (\S+)", shown, re.MULTILINE)
        return [(name, float(share)) for share, name in found[:PROFILE_ROWS]]


def shape_of(schools):
    counties = max(2, schools // 125)
    return max(1, counties // 9), counties, schools


def commit_points(quick):
    size = 500 if quick else 5000
    cities, counties, schools = shape_of(size)
    fans = (10, 40, 160) if quick else (10, 50, 250, 1250)
    return {
        "depth": [(3 + d, (cities, counties, schools), {"depth": d}) for d in (0, 4, 12)],
        "fan-out": [(n, (1, max(1, size // n), size), {}) for n in fans],
    }


def growth_points(quick):
    size = 500 if quick else 5000
    sizes = (100, 200, 400) if quick else (1000, 3000, 10000, 30000)
    threads = range(1, (os.cpu_count() or 1) + 1)
    return {
        "units": [(n, shape_of(n), {}) for n in sizes],
        "items": [(n, shape_of(size), {"items": n}) for n in (100, 200, 400, 800)],
        "targets": [(n, shape_of(size), {"targets": n}) for n in (54, 108, 215, 430)],
        "threads": [(n, shape_of(size), {"threads": n}) for n in threads],
    }


# ---- the report ----------------------------------------------------------------------------------

def machine():
    model = "?"
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"cpu": model, "threads": os.cpu_count(), "memory_mib": memory_mib(),
            "system": platform.platform(), "load": os.getloadavg()[0]}


def of(result, name):
    for c in result["contestants"]:
        if c["name"] == name and c.get("here"):
            return c
    return None


def table(rows):
    """The first row is the head; the first column to the left, others to the right."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|---" + "|---:" * (len(rows[0]) - 1) + "|", *lines[1:]]


def short(seconds):
    for unit, scale in (("s", 1), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e6:.0f} µs"


def contest_lines(name, r):
    ours = of(r, "tizhi")
    yield f"**{name}**: {r['units']:,} 机构 units × {r['items']} 数据项 items" \
          f" × {r['years']} 年 years = {r['cells'] / 1e6:,.1f} M 数 cells;" \
          f" {r['targets']} 目标 targets; {r['threads']} 线程 threads; {r['rounds']} 轮 rounds"
    yield ""
    rows = [("参与者 contestant", "版本 version", "中位 median", "最快 best", "最慢 worst",
             "倍 ratio", "内存 memory", "导入 load", "行 rows", "不同 different")]
    for c in r["contestants"]:
        if not c["here"]:
            rows.append((NAMES[c["name"]], f"无 absent: {c['why']}") + ("",) * 8)
            continue
        ratio = f"{c['seconds'] / ours['seconds']:.2f}" if ours else ""
        memory = f"{c['peak_kib'] / 1024:,.0f} MiB" if c["name"] != "postgres" else "—"
        rows.append((NAMES[c["name"]], c["version"].split(" ")[0], short(c["seconds"]),
                     short(c["fastest"]), short(c["slowest"]), ratio, memory, short(c["load"]),
                     f"{c['rows']:,}", str(c["different"])))
    yield from table(rows)
    yield ""
    facts = r["cells"] * 8
    yield f"内存读取 memory read: {r['bandwidth'] / 1e9:.1f} GB/s."
    if ours:
        speed = facts / ours["seconds"]
        yield f"提质 tizhi: {speed / 1e9:.2f} GB/s 的 8 字节数 of 8-byte cells" \
              f" = {100 * speed / r['bandwidth']:.1f} % 带宽 of the bandwidth;" \
              f" 内存峰值 peak memory {ours['peak_kib'] * 1024 / facts:.2f} × 事实 the facts."
    yield ""


def growth_lines(curves):
    yield "**增长 growth**（提质的一次全量判定 one full evaluation by tizhi）"
    yield ""
    yield from table([("", *(f"({i + 1})" for i in range(4)))] +
                     [(what, *(f"{x:,}: {short(v)}" for x, v in points),
                       *("",) * (4 - len(points))) for what, points in curves.items()])
    yield ""


def change_lines(name, c):
    """What is no fact, against the first evaluation, with the units judged by it."""
    changes = (("move", "学校改隶 a school moves"), ("merge", "学校合并 schools merge"),
               ("close", "学校停办 a school closes"), ("found", "新建学校 a school is founded"),
               ("definition", "一个数据项改范围 other bounds of an item"),
               ("target", "一项指标改数 another number of a target"),
               ("plan", "计划增一项 one target more"), ("day", "次日 the next day"))
    rows = [(f"{name}: 变更 change", "时间 time", "占首次 of the first", "判定 units judged")]
    for key, text in changes:
        seconds, units = c[key]
        rows.append((text, short(seconds), f"{100 * seconds / c['make']:.0f} %", f"{units:,}"))
    yield from table(rows)
    yield ""
    more = (("attribute", "一校一个属性 one attribute of a school"),
            ("lend", "回看：写入方 looking back: the writer"),
            ("past", "回看：判定 looking back: the evaluation"))
    yield f"- {name}: " + ", ".join(f"{text} {short(c[key])}" for key, text in more)


def commit_lines(commits):
    yield "**提交 commits**（提质 tizhi）"
    yield ""
    rows = [("", "首次 first", "一个数 one fact: 中位 median", "p90", "p99", "最慢 slowest",
             "变动行 rows", "一批 one batch", "变动行 rows", "重算 anew", "不同 different",
             "内存 memory")]
    for name, c in commits["sizes"].items():
        rows.append((f"{name} {c['units']:,}", short(c["make"]), short(c["median"]),
                     short(c["p90"]), short(c["p99"]), short(c["slowest"]), f"{c['rows']:.2f}",
                     f"{c['batch_facts']:,}: {short(c['batch'])}", f"{c['batch_rows']:,}",
                     short(c["again"]), str(c["different"]), f"{c['peak_kib'] / 1024:,.0f} MiB"))
    yield from table(rows)
    yield ""
    for name, c in commits["sizes"].items():
        if "move" in c:
            yield from change_lines(name, c)
    for what, points in commits["varied"].items():
        yield f"- {plot.LABELS[what]}: " + ", ".join(f"{x:,}: {short(v)}" for x, v in points)
    yield ""


def rollup_lines(sizes):
    yield "**汇总 roll-up**（提质的全部汇总，不含结论行 all roll-ups by tizhi, no rows）"
    yield ""
    rows = [("", "汇总 roll-ups", "数 figures", "最快 best", "读取 read", "内存读取 memory read",
             "份额 share")]
    for name, r in sizes.items():
        speed = 8 * r["figures"] / r["seconds"]
        rows.append((name, f"{r['sheets']}", f"{r['figures'] / 1e6:,.1f} M", short(r["seconds"]),
                     f"{speed / 1e9:.2f} GB/s", f"{r['bandwidth'] / 1e9:.1f} GB/s",
                     f"{100 * speed / r['bandwidth']:.0f} %"))
    yield from table(rows)
    yield ""


def kernel_lines(kernels):
    yield "**内核 kernels**（每千个数的纳秒 nanoseconds per 1,000 figures）"
    yield ""
    rows = [("循环 loop", "编译 as compiled: 缓存内 in the cache", "缓存外 outside",
             "AVX2 手写 by hand: 缓存内 in the cache", "缓存外 outside")]
    for k in kernels:
        hand = [f"{v:.0f}" if k["by_hand"] else "—" for v in k["hand"]]
        rows.append((k["name"], *(f"{v:.0f}" for v in k["made"]), *hand))
    yield from table(rows)
    yield ""


def book_lines(book):
    yield "**账本 book**（每次确认均已落盘 every acknowledgement is on disk: SQLite WAL" \
          " synchronous=FULL, PostgreSQL fsync=on synchronous_commit=on；一份 420 数" \
          " 420 figures a report）"
    yield ""
    plain = {(r["engine"], r["clients"]): r["done"] / r["seconds"]
             for r in book["rate"] if r["what"] == "plain"}
    rows = [("", "客户端 clients", "账本 book /s", "p99", "直接写表 plain /s", "倍 ratio",
             "不同 different")]
    for r in [r for r in book["rate"] if r["what"] == "rate"]:
        rate, base = r["done"] / r["seconds"], plain[r["engine"], r["clients"]]
        rows.append((NAMES[r["engine"]], str(r["clients"]), f"{rate:,.0f}", short(r["p99"]),
                     f"{base:,.0f}", f"{rate / base:.1f}", str(r["different"])))
    yield from table(rows)
    yield ""
    rows = [("截止日 deadline day", "份 reports", "到达 arrivals /s", "出错 failed", "p50", "p99",
             "最慢 slowest", "不同 different")]
    for r in book["day"]:
        rows.append((NAMES[r["engine"]], f"{r['done']:,}", f"{r['per_second']:,}",
                     str(r["failed"]), short(r["p50"]), short(r["p99"]), short(r["slowest"]),
                     str(r["different"])))
    yield from table(rows)
    yield ""
    rows = [("启动 start", "数 figures", "读入 load", "首次判定 first evaluation",
             "合计 together", "处理器 CPU", "按行读入 by rows", "跟进一份 a form followed", "p99",
             "行 rows", "不同 different")]
    for r in book["start"]:
        rows.append((NAMES[r["engine"]], f"{r['figures'] / 1e6:.1f} M", short(r["load"]),
                     short(r["judge"]), short(r["load"] + r["judge"]), short(r["cpu"]),
                     short(r["rows_load"]),
                     short(r["follow"]), short(r["follow_p99"]),
                     f"{r['rows']:,}", str(r["different"])))
    yield from table(rows)
    yield ""


def profile_lines(symbols):
    yield "**时间去向 where the time goes**（perf，区域规模 at the size of a region）"
    yield ""
    yield from table([("函数 function", "份额 share")] + [(n, f"{v} %") for n, v in symbols])
    yield ""


def report(results):
    m = results["machine"]
    lines = [f"机器 machine: {m['cpu']}, {m['threads']} 核 cores, {m['memory_mib']:,} MiB,"
             f" {m['system']}; 开始时负载 load at the start {m['load']:.1f}", ""]
    for name in ("region", "nation"):
        if name in results:
            lines += contest_lines(name, results[name])
    if "rollup" in results:
        lines += rollup_lines(results["rollup"])
    if "commits" in results:
        lines += commit_lines(results["commits"])
    if "growth" in results:
        lines += growth_lines(results["growth"])
    if "kernels" in results:
        lines += kernel_lines(results["kernels"])
    if results.get("profile"):
        lines += profile_lines(results["profile"])
    return "\n".join(lines).rstrip() + "\n"


def report_of_book(results):
    m = results["machine"]
    lines = [f"机器 machine: {m['cpu']}, {m['threads']} 核 cores; 开始时负载 load at the start"
             f" {m['load']:.1f}", "", *book_lines(results["book"])]
    return "\n".join(lines).rstrip() + "\n"


def into_docs(text, what="figures"):
    """Between the marks in docs/performance.md."""
    path = ROOT / "docs" / "performance.md"
    begin, end = f"<!-- {what} -->\n", f"<!-- end of {what} -->"
    old = path.read_text(encoding="utf-8")
    head, rest = old.split(begin)
    path.write_text(head + begin + text + end + rest.split(end)[1], encoding="utf-8")


def plots(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    curves = {"growth": results.get("growth"), "commits": results.get("commits", {}).get("varied")}
    for name, c in curves.items():
        if c:
            (folder / f"{name}.svg").write_text(plot.panels(name, c), encoding="utf-8")
    if "region" in results:
        bars = [(NAMES[c["name"]], c["seconds"]) for c in results["region"]["contestants"]
                if c["here"]]
        (folder / "region.svg").write_text(plot.bars(bars), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--stage", action="append", choices=STAGES)
    parser.add_argument("--docs", action="store_true")
    args = parser.parse_args()
    stages = args.stage or STAGES
    results = {"machine": machine()}
    others = set(stages) - {"book", "profile", "growth", "commits"}
    with postgres() if others else contextlib.nullcontext() as database:
        bench = Bench(fetch_duckdb() if others else None, database, args.quick, stages)
        for stage in stages:
            results[stage] = bench.stage(stage)
            OUT.mkdir(parents=True, exist_ok=True)
            (OUT / "result.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    text = report(results)
    if args.docs and stages != ["book"]:
        into_docs(text)
    if "book" in results:
        if args.docs:
            into_docs(report_of_book(results), "figures of the book")
        text += report_of_book(results)
    for folder in [OUT] + ([ROOT / "docs" / "plots"] if args.docs else []):
        plots(results, folder)
    print(text)
    wrong = [c["name"] for name in ("region", "nation") if name in results
             for c in results[name]["contestants"] if c.get("different")]
    wrong += [name for name, c in results.get("commits", {}).get("sizes", {}).items()
              if c["different"]]
    wrong += [f"book {r['engine']}" for part in results.get("book", {}).values() for r in part
              if r["different"] or r.get("failed")]
    if wrong:
        print(f"结果不一致 answers differ: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
