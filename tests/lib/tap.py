# SPDX-License-Identifier: Apache-2.0
"""Cases as decorated functions, and their results as TAP: what the test scripts share.

    @test("what holds")
    def _():
        assert ...

    sys.exit(main())
"""

RESULTS = []


def test(name):
    def wrap(fn):
        try:
            fn()
            RESULTS.append((name, ""))
        except AssertionError as e:
            RESULTS.append((name, str(e) or "assertion failed"))
        return fn
    return wrap


def main():
    print(f"1..{len(RESULTS)}")
    for i, (name, wrong) in enumerate(RESULTS, 1):
        print(f"{'not ' if wrong else ''}ok {i} - {name}")
        for line in wrong.splitlines():
            print(f"# {line}")
    return 1 if any(w for _, w in RESULTS) else 0
