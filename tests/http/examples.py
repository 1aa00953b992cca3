# SPDX-License-Identifier: Apache-2.0
"""One example a route, for tests that go through all routes (run_matrix.py: a route of the OpenAPI
file without a row here makes it fail). What is done and read is in the book of tests/lib/visits.py:

    R 省 > C 市 > D 甲县 > S1, S2 一小, 二小;  C > E 乙县 > T1 三小
    rounds R1 (F1), R2 (F2 特教, sealed), R3 (F3 县表); registers 个案, 送教; task K1
    a further user `victim`, filler at S2, whom no test needs afterwards: change him as you like

A row says what cannot be read from the OpenAPI file:
    words   the words of the path but {unit}, which the test fills in
    query   words that must be there beside unit and under
    body    of JSON; its member `unit`, if it has one, is filled in by the test where the path and
            the query have no unit
    upload  bytes of a body that is no JSON, and its kind
    at      the class of data that is asked about (app/seat/class.def)
    by      the acts of x-rights of which any one will do; not said: the first
    where   "root" or "own" (any unit where one has a seat) counts when no unit is named
    above   it is done at the unit above, or at one above that
    hidden  who may not is told that there is nothing (404), as if it were so (service.md, 6)
    unsure  {role: why}: the table alone does not decide for it; both answers are right
"""
from dataclasses import dataclass, field

from book import GOOD


@dataclass(frozen=True)
class Example:
    words: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    body: object = None
    upload: tuple = ()
    at: str = "internal"
    by: tuple = ()
    where: str = "root"
    above: bool = False
    hidden: bool = False
    unsure: dict = field(default_factory=dict)


# A unit's register with sealed fields: what is done in it stays in the unit.
CASES = {"register": "个案"}
ROW0 = CASES | {"row": "row0"}
SEEN = {"seen": 1}
SET = [{"column": "姓名", "value": "新"}]
YEAR = {"period": "2025"}
K1 = {"task": "K1"}
OPEN = {"question": "late_edit-"}
PAPER = (b"paper\n", "application/octet-stream")


def cases(words=CASES, at="sealed", **more):
    return Example(words=words, at=at, **more)


PUBLIC = Example(at="public")
OF_T1 = Example(words={"target": "T1"})
R1 = {"round": "R1"}
CSV = ("机构,学生\n".encode(), "application/octet-stream")
BELOW = {role: "whether he may fill in for a school below says its own right"
         for role in ("filler", "head", "leader", "inspector")}
SIGN = ("report.sign.filler", "report.sign.reviewer", "report.sign.head")
WISH = {"round": "RX", "form": "F3", "period": "2024", "due": "2199-01-01", "minutes": 2}
VICTIM = {"user": "victim", "password": GOOD}
# Of users and seats: by the security administrator, about the one whom no test needs.
OF_VICTIM = {"words": {"user": "victim"}, "at": "sensitive"}
DRY = {"query": {"dry": "yes"}, "at": "public"}
NO_PLAN = {"files": [{"name": "a.plan", "text": "x"}]}
NO_SEAT = {"words": {"seat": "none"}}

# By what comes behind the unit's register in the path.
OF_REGISTER = {
    "GET ": cases(),
    "GET /rows": cases(),
    "GET /rows/{row}": cases(ROW0),
    "GET /rows/{row}/history": cases(ROW0),
    "POST /rows": cases(body={"set": SET}, by=("register.keep",)),
    "POST /rows/{row}/change": cases(ROW0, body=SEEN | {"set": SET}, by=("register.keep",)),
    "POST /rows/{row}/end": cases(ROW0, body=SEEN | {"day": "2025-05-01"},
                                   by=("register.keep",)),
    "POST /rows/{row}/strike": cases(ROW0, body=SEEN | {"cause": "x"}, by=("register.keep",)),
    "POST /rows/{row}/undo": cases(ROW0, body=SEEN, by=("register.keep",)),
    "POST /rows/{row}/offer": cases(ROW0, body=SEEN | {"to": "T1"}, by=("register.keep",)),
    "POST /take": cases(body={"of": "S2", "row": "row0"}, by=("register.keep",)),
    "GET /offers": cases(),
    "POST /decline": cases(body={"of": "S2", "row": "row0", "cause": "x"},
                           by=("register.keep",)),
    "POST /import": cases(upload=(b"x", "application/octet-stream"), by=("register.keep",)),
    "GET /table": cases(by=("register.export",)),
    "POST /check": cases(body=YEAR),
    "POST /sign": cases(body=YEAR, by=("register.sign.filler", "register.sign.reviewer",
                                       "register.sign.head")),
    "POST /submit": cases(body=YEAR, by=("register.submit",)),
    "POST /withdraw": cases(body=YEAR, by=("register.withdraw",)),
    "POST /correct": cases(body=YEAR | {"cause": "x"}, by=("register.correct",)),
    "POST /approve": cases(body=YEAR, by=("register.approve", "register.check")),
    "POST /return": cases(body=YEAR, by=("register.return", "register.check-return")),
}

EXAMPLES = {
    "GET /api/v1/health": Example(),
    "GET /api/v1/ready": Example(),
    "GET /api/v1/metrics": Example(),
    "GET /api/v1/openapi.json": Example(),
    "GET /api/v1/demo": Example(),
    "POST /api/v1/session": Example(body=VICTIM),
    "GET /api/v1/session": Example(),
    "DELETE /api/v1/session": Example(),
    "POST /api/v1/session/password": Example(body=VICTIM | {"next": "short"}),
    "GET /api/v1/password-rules": Example(),
    "GET /api/v1/oidc": Example(),
    "POST /api/v1/session/oidc/start": Example(),
    "POST /api/v1/session/oidc": Example(body={"code": "c", "state": "s"}),
    "POST /api/v1/session/oidc/end": Example(),
    "POST /api/v1/session/totp": Example(body={"password": GOOD}),
    "POST /api/v1/session/totp/proof": Example(body={"code": "000000"}),
    "GET /api/v1/sessions": Example(),
    "DELETE /api/v1/sessions": Example(),
    "DELETE /api/v1/sessions/{session}": Example(words={"session": "AAAAAAAAAAAA"}),
    "GET /api/v1/tokens": Example(),
    "POST /api/v1/tokens": Example(body={"name": "bot", "operations": ["unit.read"],
                                         "until": "2199-01-01", "password": GOOD}),
    "DELETE /api/v1/tokens/{token}": Example(words={"token": "none"}),
    "GET /api/v1/plan": PUBLIC,
    "GET /api/v1/commitments": PUBLIC,
    "GET /api/v1/units": PUBLIC,
    "GET /api/v1/units/{unit}": PUBLIC,
    "GET /api/v1/verdicts": Example(),
    "GET /api/v1/rounds": Example(),
    "POST /api/v1/rounds": Example(body=WISH),
    "GET /api/v1/rounds/{round}": Example(R1),
    "POST /api/v1/rounds/{round}/extend": Example(R1, body={"due": "2199-02-01", "cause": "x",
                                                            "seen": 0}),
    "POST /api/v1/rounds/{round}/lock": Example(R1, body={}),
    "GET /api/v1/rounds/{round}/counts/{unit}": Example(R1),
    "GET /api/v1/rounds/{round}/reports": Example(R1),
    "GET /api/v1/rounds/{round}/reports/{unit}": Example(R1),
    "GET /api/v1/rounds/{round}/reports/{unit}/history": Example(R1),
    "GET /api/v1/rounds/{round}/reports/{unit}/findings": Example(R1),
    "GET /api/v1/rounds/{round}/reports/{unit}/beside": Example(R1),
    "POST /api/v1/rounds/{round}/reports/{unit}/check": Example(R1, body={"seen": 0}),
    "POST /api/v1/rounds/{round}/reports/{unit}/save": Example(R1, body={"seen": 0}),
    "POST /api/v1/rounds/{round}/reports/{unit}/sign": Example(R1, body={"seen": 0}, by=SIGN),
    "POST /api/v1/rounds/{round}/reports/{unit}/submit": Example(R1, body={"seen": 0}),
    "POST /api/v1/rounds/{round}/reports/{unit}/withdraw": Example(R1, body={"seen": 0}),
    "POST /api/v1/rounds/{round}/reports/{unit}/correct": Example(R1, body={"seen": 0}),
    "GET /api/v1/rounds/{round}/workbook": Example(R1, unsure=BELOW),
    "POST /api/v1/rounds/{round}/import": Example(R1, upload=CSV, unsure=BELOW),
    "POST /api/v1/rounds/{round}/annotate": Example(R1, upload=CSV, unsure=BELOW),
    "GET /api/v1/packages/key": Example(),
    "POST /api/v1/rounds/{round}/packages/{unit}": Example(R1, body={"until": "2199-06-01"}),
    "POST /api/v1/packages": Example(upload=PAPER, where="own"),
    "GET /api/v1/units/{unit}/reviews": Example(),
    "POST /api/v1/rounds/{round}/reviews/{unit}/approve": Example(R1, body={"reports": []}),
    "POST /api/v1/rounds/{round}/reviews/{unit}/return": Example(R1, body={"reports": []}),
    "GET /api/v1/duties": Example(),
    "GET /api/v1/reminders": Example(),
    "GET /api/v1/units/{unit}/overview": Example(),
    "GET /api/v1/units/{unit}/overview/below": Example(),
    "GET /api/v1/events": Example(query={"once": "yes"}),
    "POST /api/v1/sheets": Example(upload=(b"a,b\n1,2\n", "application/octet-stream")),
    "GET /api/v1/tasks": Example(where="own"),
    "GET /api/v1/tasks/{task}/units/{unit}": Example(K1),
    "POST /api/v1/tasks/{task}/units/{unit}/file": Example(K1, upload=PAPER, by=("task.file",)),
    "POST /api/v1/tasks/{task}/units/{unit}/contribute": Example(
        K1, upload=PAPER, by=("task.contribute",)),
    "POST /api/v1/tasks/{task}/units/{unit}/extend": Example(
        K1, body=SEEN | {"until": "2199-01-01", "reason": "x"}, by=("task.extend",)),
    "POST /api/v1/tasks/{task}/units/{unit}/sign-off": Example(K1, body=SEEN,
                                                               by=("task.sign-off",), above=True),
    "POST /api/v1/tasks/{task}/units/{unit}/return": Example(K1, body=SEEN | {"reason": "x"},
                                                             by=("task.return",), above=True),
    "POST /api/v1/tasks/{task}/units/{unit}/grant": Example(K1, body=SEEN, by=("task.grant",),
                                                            above=True),
    "POST /api/v1/tasks/{task}/units/{unit}/refuse": Example(K1, body=SEEN | {"reason": "x"},
                                                             by=("task.refuse",), above=True),
    "GET /api/v1/evidence": Example(where="own"),
    "GET /api/v1/evidence/{hash}": Example({"hash": "0" * 64}, where="own"),
    "GET /api/v1/questions": Example(where="own"),
    "GET /api/v1/questions/{question}": Example(OPEN, hidden=True),
    "POST /api/v1/questions/{question}/reply": Example(OPEN, body=SEEN | {"text": "x"},
                                                       hidden=True),
    "POST /api/v1/questions/{question}/evidence": Example(OPEN, upload=PAPER, hidden=True),
    "GET /api/v1/questions/{question}/evidence": Example(OPEN, hidden=True),
    "POST /api/v1/questions/{question}/accept": Example(OPEN, body=SEEN, hidden=True),
    "POST /api/v1/questions/{question}/again": Example(OPEN, body=SEEN | {"text": "x"},
                                                       hidden=True),
    "GET /api/v1/question-counts": Example(),
    "GET /api/v1/question-run": Example(),
    "POST /api/v1/question-run": Example(body={"unit": "D"}),
    "DELETE /api/v1/question-run": Example(),
    "GET /api/v1/inspection": Example(where="own"),
    "GET /api/v1/registers": PUBLIC,
    "POST /api/v1/registers/{register}/setting": Example(
        words=CASES, body={"review": "state", "signatures": 0}),
    "GET /api/v1/registers/{register}/status": Example(words=CASES, at="sensitive"),
    **{what.replace(" ", " /api/v1/registers/{register}/units/{unit}", 1): example
       for what, example in OF_REGISTER.items()},
    "GET /api/v1/plan/clauses": PUBLIC,
    "GET /api/v1/plan/text": PUBLIC,
    "GET /api/v1/plan/lint": PUBLIC,
    "POST /api/v1/plan/diff": Example(upload=(b"x", "application/octet-stream"), at="public"),
    "POST /api/v1/plan/packs": Example(body=NO_PLAN),
    "GET /api/v1/plan/effect": Example(),
    "POST /api/v1/plan/effect": Example(body=NO_PLAN),
    "DELETE /api/v1/plan/effect": Example(),
    "POST /api/v1/plan/adopt": Example(body=NO_PLAN | {"seen": 0, "in_force": "", "reason": "x"}),
    "GET /api/v1/plan/versions": PUBLIC,
    "GET /api/v1/plan/versions/{version}": Example(words={"version": "none"}, at="public"),
    "GET /api/v1/plan/versions/{version}/zip": Example(words={"version": "none"}, at="public"),
    "GET /api/v1/units/{unit}/changes": Example(),
    "POST /api/v1/plan/coverage": Example(upload=("一、要求\n".encode(),
                                                  "application/octet-stream"), at="public"),
    "GET /api/v1/commitments/{target}": Example(words={"target": "T1"}, at="public"),
    "GET /api/v1/commitments/{target}/units/{unit}": OF_T1,
    "GET /api/v1/commitments/{target}/units/{unit}/children": OF_T1,
    "GET /api/v1/commitments/{target}/units/{unit}/open": OF_T1,
    "GET /api/v1/commitments/{target}/units/{unit}/track": OF_T1,
    "GET /api/v1/commitments/{target}/units/{unit}/mend": OF_T1,
    "GET /api/v1/commitments/{target}/units/{unit}/explain": OF_T1,
    "GET /api/v1/users": Example(at="sensitive", where="own"),
    "POST /api/v1/users": Example(body={"user": "new", "name": "New", "unit": ""}, at="sensitive"),
    "GET /api/v1/users/{user}": Example(**OF_VICTIM),
    "POST /api/v1/users/{user}/close": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/reopen": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/reset": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/lock": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/unlock": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/no-totp": Example(body={}, **OF_VICTIM),
    "POST /api/v1/users/{user}/link": Example(body={"sub": "s", "issuer": "https://x"},
                                              **OF_VICTIM),
    "POST /api/v1/users/{user}/unlink": Example(body={}, **OF_VICTIM),
    "GET /api/v1/users/{user}/sessions": Example(**OF_VICTIM),
    "POST /api/v1/users/{user}/sessions/end": Example(body={}, **OF_VICTIM),
    "GET /api/v1/users/{user}/tokens": Example(**OF_VICTIM),
    "POST /api/v1/users/{user}/tokens/end": Example(body={}, **OF_VICTIM),
    "GET /api/v1/users/{user}/may": Example(words={"user": "victim"},
                                            query={"op": "fact.read", "class": "public"}),
    "GET /api/v1/seats": Example(where="own"),
    "POST /api/v1/seats": Example(body={"seat": "x", "role": "head", "class": "internal",
                                        "unit": "S1", "holder": "nobody-there"}),
    "GET /api/v1/seats/{seat}": Example(**NO_SEAT),
    "POST /api/v1/seats/{seat}/hand-over": Example(body={"holder": "victim", "from": "2199-01-01"},
                                                   **NO_SEAT),
    "POST /api/v1/seats/{seat}/end": Example(body={}, **NO_SEAT),
    "GET /api/v1/rights": Example(),
    "GET /api/v1/public": Example(),
    "GET /api/v1/public/commitments/{target}": Example(words={"target": "T1"}),
    "POST /api/v1/units": Example(body={"code": "N1", "name": "n", "kind": "学校", "parent": "R",
                                        "cause": "c"}, query={"dry": "yes"}, at="public"),
    "POST /api/v1/units/import": Example(body={"csv": "code,name,kind,parent\n", "unit": "",
                                               "cause": "c"}, query={"dry": "yes"}, at="public"),
    "POST /api/v1/units/{unit}/rename": Example(body={"name": "n", "cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/move": Example(body={"parent": "R", "cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/change": Example(body={"kind": "学校", "cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/merge": Example(body={"others": [], "cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/split": Example(body={"others": [], "cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/close": Example(body={"cause": "c"}, **DRY),
    "POST /api/v1/units/{unit}/reopen": Example(body={"cause": "c"}, **DRY),
    "GET /api/v1/units/{unit}/history": PUBLIC,
    "GET /api/v1/commits": Example(at="sensitive"),
    "GET /api/v1/commits/{commit}": Example(words={"commit": "1"}, at="sensitive"),
    "GET /api/v1/book": PUBLIC,
    "POST /api/v1/anchors": Example(at="sensitive"),
    "GET /api/v1/audit": Example(at="sensitive"),
    "POST /api/v1/audit": Example(at="sensitive"),
    "DELETE /api/v1/audit": Example(at="sensitive"),
    "GET /api/v1/system": Example(),
    "GET /api/v1/doctor": Example(),
    "POST /api/v1/doctor": Example(),
    "DELETE /api/v1/doctor": Example(),
}
