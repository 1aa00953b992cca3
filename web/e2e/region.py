# SPDX-License-Identifier: Apache-2.0
"""The region that the application is tried on: the bundled plan, generated units and figures, and
a person for each role on each tier. Everybody's password is GOOD of tests/lib/book.py."""
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from book import ADMINS, Book, run  # noqa: E402

PLAN = ROOT / "plans" / "nmg-2024"
PERCENT = 5  # of the region: some 350 schools below the 103 counties
REGION, LEAGUE, COUNTY, SCHOOL = "150000", "150100", "150102", "150102K001"
PEOPLE = {
    "leader": [f"leader {REGION} sensitive"],
    "issuer": [f"issuer {REGION} sealed", f"reviewer {REGION} sensitive"],
    "league": [f"reviewer {LEAGUE} sensitive"],
    "county": [f"reviewer {COUNTY} sensitive"],
    "school": [f"filler {SCHOOL} sealed"],
    "checker": [f"reviewer {SCHOOL} sealed"],
    "head": [f"head {SCHOOL} sealed"],
    "inspector": [f"inspector {LEAGUE} sensitive"],
}


class Region(Book):
    def __init__(self):
        super().__init__()
        shutil.copytree(PLAN, self.pack, ignore=shutil.ignore_patterns("data"))
        self.generate()
        self("book", "init")
        for user, once in self("user", "found", *ADMINS, fmt="json").items():
            self.settle(user, once)
        for user, seats in PEOPLE.items():
            self.user(user, *seats)

    def generate(self):
        status, out, err = run("demo-data", "--pack", self.pack, "--out", self.pack, "--percent",
                               PERCENT, "--lang", "en")
        assert status == 0, out + err
