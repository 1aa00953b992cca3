#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the SQL of the store into the program: a C file with the statements and the migrations.

usage: embed_sql.py OUT.c statements.def SQL_FILE...
statements.sql holds the statements, each after a line `-- name`; statements.def says which there
are. NNNN-name.sql is a migration for both engines, in which the words below are replaced;
NNNN-name.sqlite.sql and NNNN-name.postgres.sql follow it on their engine only.
"""
import re
import sys
from pathlib import Path

WORDS = {
    "sqlite": {"BIGINT": "INTEGER", "KEY NOT NULL": "TEXT NOT NULL",
               "KEY PRIMARY KEY": "TEXT PRIMARY KEY NOT NULL"},
    "postgres": {"KEY NOT NULL": 'TEXT COLLATE "C" NOT NULL',
                 "KEY PRIMARY KEY": 'TEXT COLLATE "C" PRIMARY KEY'},
}
MIGRATION = re.compile(r"(\d{4})-([a-z]+)(?:\.(sqlite|postgres))?\.sql")


def stop(text):
    sys.exit(f"embed_sql.py: {text}")


def statements(text, declared):
    """name -> SQL; what the .def declares and the file holds must be the same."""
    found = {}
    parts = re.split(r"^-- ([a-z_]+)$", text, flags=re.MULTILINE)
    for name, sql in zip(parts[1::2], parts[2::2]):
        places = {int(n) for n in re.findall(r"\$(\d+)", sql)}
        if name in found:
            stop(f"the statement {name} stands twice")
        if declared.get(name) != len(places) or places != set(range(1, len(places) + 1)):
            stop(f"the statement {name} has {len(places)} parameters, not as declared")
        found[name] = " ".join(sql.split())
    if set(found) != set(declared):
        stop(f"not in both places: {sorted(set(found) ^ set(declared))}")
    return found


def translated(sql, engine):
    for word, own in WORDS[engine].items():
        sql = re.sub(rf"\b{word}\b", own, sql)
    return sql


def migrations(files):
    """version -> [name, {engine: SQL}]; versions are 1, 2, 3 ... without a gap."""
    found = {}
    for path in files:
        match = MIGRATION.fullmatch(path.name)
        if not match:
            stop(f"{path.name} is neither statements.sql nor NNNN-name.sql")
        entry = found.setdefault(int(match[1]), [match[2], {"sqlite": "", "postgres": ""}])
        if entry[0] != match[2]:
            stop(f"two migrations are number {match[1]}")
        for engine in [match[3]] if match[3] else list(WORDS):
            # The common file sorts behind the one of an engine, and is to run before it.
            text = translated(path.read_text("utf-8"), engine)
            entry[1][engine] = entry[1][engine] + text if match[3] else text + entry[1][engine]
    if sorted(found) != list(range(1, len(found) + 1)):
        stop("the numbers of the migrations have a gap")
    return found


def literal(text):
    lines = text.split("\n")
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return "\n        ".join(f'"{line}\\n"' for line in quoted)


def main():
    out, declared, *files = map(Path, sys.argv[1:])
    names = {name: int(n) for name, n in
             re.findall(r"^STATEMENT\((\w+), (\d+)\)", declared.read_text("utf-8"), re.M)}
    texts = [p for p in files if p.name == "statements.sql"]
    sql = statements(texts[0].read_text("utf-8"), names)
    steps = migrations(sorted(p for p in files if p.name != "statements.sql"))
    c = ["/* Made from src/store/sql by tools/embed_sql.py. */", '#include "store/db_int.h"', "",
         "const struct db_statement db_statements[ST__COUNT] = {"]
    for name, text in sql.items():
        c.append(f'    [ST_{name}] = {{"{name}", {names[name]}, {literal(text)}}},')
    c += ["};", "", f"const uint32_t db_n_migrations = {len(steps)};",
          "const struct db_migration db_migrations[] = {"]
    for version in sorted(steps):
        name, by_engine = steps[version]
        c.append(f'    {{"{name}", {{{literal(by_engine["sqlite"])},\n'
                 f'        {literal(by_engine["postgres"])}}}}},')
    c += ["};", ""]
    out.write_text("\n".join(c), "utf-8")


if __name__ == "__main__":
    main()
