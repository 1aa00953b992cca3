# SPDX-License-Identifier: Apache-2.0
"""A running service over a book, on a free port of loopback, and somebody who asks it. Every answer
is held against the OpenAPI file of the service by a validator of somebody else.

    with Service(book) as s:
        li = s.login("li")
        li.get("/units/R").json["name"]
"""
import gzip
import http.client
import json
import os
import re
import resource
import signal
import subprocess
import threading
import time
from functools import cached_property, lru_cache
from urllib.parse import quote

import jsonschema

from book import GOOD, TIZHI
from pg import die_with_parent

READY = re.compile(r"port (\d+)")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()
        if self.headers.get("Content-Encoding") == "gzip":
            self.bytes = gzip.decompress(self.bytes)
        self.text = self.bytes.decode("utf-8", "replace")
        self.type = self.headers.get("Content-Type", "")
        self.json = json.loads(self.text) if self.text and "json" in self.type else None


class Api:
    """What the OpenAPI file says of an answer."""

    def __init__(self, says):
        self.says = says
        self.paths = [(re.compile(re.sub(r"{\w+}", "[^/?]+", path) + r"(\?.*)?"), path)
                      for path in says["paths"]]

    @lru_cache(maxsize=None)
    def validator(self, shape):
        schema = {"$ref": f"#/components/schemas/{shape}", "components": self.says["components"]}
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def holds(self, shape, value):
        self.validator(shape).validate(value)

    def check(self, method, path, answer):
        """An answer to a path of the API: status, content and shape are as it is written."""
        if "X-Request-Id" not in answer.headers or answer.status == 304:
            return  # the library has refused what is no HTTP
        if answer.status >= 400:
            assert answer.type == "application/problem+json", answer.headers
            if answer.text:
                self.holds("problem", answer.json)
            return
        found = [name for pattern, name in self.paths if pattern.fullmatch(path)]
        assert found, f"{method} {path}: {answer.status}, and the file has no such path"
        says = [self.says["paths"][name].get("get" if method == "HEAD" else method.lower())
                for name in found]
        says = [x["responses"] for x in says if x][0]
        assert str(answer.status) in says, f"{method} {path}: {answer.status}"
        content = says[str(answer.status)].get("content")
        if content is None or not answer.text:
            return
        assert answer.type in content, f"{method} {path}: {answer.type}"
        ref = content[answer.type]["schema"].get("$ref")
        if ref:
            self.holds(ref.rsplit("/", 1)[1], answer.json)


class Asker:
    """Keeps the cookie of its session; raw paths are sent as they are."""

    def __init__(self, service):
        self.service = service
        self.cookie = None

    def connection(self, host):
        return http.client.HTTPConnection(host, self.service.port, timeout=60)

    def ask(self, method, path, body=None, headers=None, host="127.0.0.1"):
        c = self.connection(host)
        more = {"Accept-Language": "en"}
        if self.cookie:
            more["Cookie"] = self.cookie
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            more["Content-Type"] = "application/json"
        more |= headers or {}
        c.putrequest(method, path, skip_host="Host" in more, skip_accept_encoding=True)
        for name, value in more.items():
            if value is not None:
                c.putheader(name, value)
        data = body.encode("utf-8") if isinstance(body, str) else body
        if data is not None and "Content-Length" not in more:
            c.putheader("Content-Length", str(len(data)))
        try:
            c.endheaders(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent; the answer is there
        answer = Answer(c.getresponse())
        c.close()
        if path.startswith("/api/") and not path.startswith("/api/v1/openapi.json"):
            self.service.api.check(method, path, answer)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def get(self, path, **more):
        return self.ask("GET", "/api/v1" + path, **more)

    def post(self, path, body, **more):
        return self.ask("POST", "/api/v1" + path, body=body, **more)

    def delete(self, path, **more):
        return self.ask("DELETE", "/api/v1" + path, **more)


class Listener:
    """An event stream: next() is the next event, as its name, its number and what it says."""

    def __init__(self, asker, query="", last=None, port=None):
        s = asker.service
        self.c = http.client.HTTPConnection("127.0.0.1", port or s.port, timeout=60)
        headers = {"Accept": "text/event-stream", "Cookie": asker.cookie or ""}
        headers |= {"Last-Event-ID": str(last)} if last is not None else {}
        self.c.request("GET", "/api/v1/events" + query, headers=headers)
        self.response = self.c.getresponse()
        self.status = self.response.status

    def next(self):
        """None: the stream has ended. Comments and retry are passed over."""
        got = {}
        while True:
            line = self.response.readline().decode()
            if line == "":
                return None
            if line == "\n" and "event" in got:
                number = int(got["id"]) if "id" in got else None
                return got["event"], number, json.loads(got["data"])
            if ":" in line[1:]:
                name, value = line.rstrip("\n").split(": ", 1)
                got[name] = value

    def until(self, kind):
        """The next event of a kind."""
        while True:
            event = self.next()
            if event is None or event[0] == kind:
                return event

    def close(self):
        self.response.close()
        self.c.close()


class Service:
    def __init__(self, book, *settings, plain=True, cheap=True, limit_file=None):
        """limit_file: bytes of the largest file it can write, as if the disk were full then."""
        self.limit_file = limit_file
        self.book = book
        self.cheap = cheap  # hashes of passwords
        self.settings = ["listen=127.0.0.1:0", "rate=100000", "burst=100000", *settings]
        self.settings += ["plain=yes"] if plain else []
        self.process = None
        self.said = []
        self.log = []

    env = {}  # beside that of the test

    def arguments(self):
        return [TIZHI, "serve", "--pack", self.book.pack, "--book", self.book.book, "--lang", "en"]

    def __enter__(self):
        env = dict(os.environ, TIZHI_TEST_CHEAP_PASSWORDS="1", **self.env)
        if not self.cheap:
            del env["TIZHI_TEST_CHEAP_PASSWORDS"]
        args = self.arguments()
        for s in self.settings:
            args += ["--set", s]
        self.process = subprocess.Popen([str(x) for x in args], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env, text=True,
                                        preexec_fn=self.begin)
        for line in self.process.stderr:
            self.said.append(line)
            if READY.search(line):
                break
        ports = READY.findall("".join(self.said))
        assert ports, "the service has not started: " + "".join(self.said)
        self.port = int(ports[0])
        self.readers = [threading.Thread(target=self.keep, args=(pipe, into), daemon=True)
                        for pipe, into in ((self.process.stdout, self.log),
                                           (self.process.stderr, self.said))]
        for r in self.readers:
            r.start()
        return self

    def begin(self):
        """In the child: it does not outlive a test that breaks."""
        die_with_parent()
        if self.limit_file:
            self.limit()

    def limit(self):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit_file, self.limit_file))

    @cached_property
    def api(self):
        return Api(self.asker().get("/openapi.json").json)

    @staticmethod
    def keep(pipe, into):
        for line in pipe:
            into.append(line)

    def settle(self, words):
        """Waits until a line of the log has these words, such as the number of a request."""
        for _ in range(3000):
            if any(words in line for line in self.log):
                return
            time.sleep(0.01)
        raise AssertionError(f"{words} is not in the log")

    def cpu(self):
        """Seconds of work so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as f:
            user, system = f.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Bytes it holds now."""
        with open(f"/proc/{self.process.pid}/statm", encoding="utf-8") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self):
        """Ends it in order; the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        status = self.process.wait(timeout=60)
        for r in self.readers:
            r.join(timeout=60)
        return status

    def __exit__(self, *_):
        self.stop()

    def asker(self):
        return Asker(self)

    def login(self, user, password=GOOD):
        a = Asker(self)
        got = a.post("/session", {"user": user, "password": password})
        assert got.status == 200, got.text
        return a


class Person:
    """Somebody who asks for what he expects: the status, and the language of what is said."""

    def __init__(self, asker):
        self.asker = asker

    def ask(self, method, path, body=None, want=200, lang="en"):
        got = self.asker.ask(method, "/api/v1" + path, body=body,
                             headers={"Accept-Language": lang})
        assert got.status == want, f"{method} {path}: {got.status}, not {want}: {got.text}"
        return got

    def get(self, path, **more):
        return self.ask("GET", path, **more).json

    def post(self, path, body, **more):
        return self.ask("POST", path, body=body, **more).json

    def text(self, path):
        return self.ask("GET", path).text


def part(text):
    """As one part of a path."""
    return quote(text, safe="")
