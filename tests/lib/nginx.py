# SPDX-License-Identifier: Apache-2.0
"""nginx in front of a running service, as packaging/nginx/tizhi.conf sets it up, with a certificate
made on the spot and on free ports.

    with Nginx(service) as front:
        front.https, front.http      ports
        front.tls()                  a context that trusts the certificate
        front.passed()               per request that went to the service: its number
"""
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from book import ROOT

NAME = "tizhi.example.cn"
MAIN = """{user}
worker_processes 1;
pid {dir}/pid;
error_log {dir}/error.log;
daemon off;
events {{ worker_connections 512; }}
http {{
    log_format told '$status $upstream_http_x_request_id';
    access_log {dir}/access.log told;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
    include {dir}/site.conf;
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                    "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "key.pem",
                    "-out", folder / "fullchain.pem"], check=True, capture_output=True)


class Nginx:
    def __init__(self, service, *others, patient=False):
        """others: further processes of the service. patient: without the limits on how often one
        may ask."""
        self.folder = tempfile.TemporaryDirectory()
        self.dir = Path(self.folder.name)
        self.http, self.https = free_port(), free_port()
        certificate(self.dir)
        site = (ROOT / "packaging/nginx/tizhi.conf").read_text("utf-8")
        site = re.sub(r"^.*listen \[::\].*\n", "", site, flags=re.M)
        if patient:
            site = re.sub(r"^ *limit_(req|conn)  *.*\n", "", site, flags=re.M)
        for old, new in (("listen 80;", f"listen 127.0.0.1:{self.http};"),
                         ("listen 443 ", f"listen 127.0.0.1:{self.https} "),
                         ("server 127.0.0.1:8080;", "\n".join(
                             f"server 127.0.0.1:{s.port};" for s in (service, *others))),
                         ("/etc/tizhi/tls", str(self.dir))):
            assert old in site, old
            site = site.replace(old, new)
        (self.dir / "site.conf").write_text(site, "utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        (self.dir / "nginx.conf").write_text(MAIN.format(dir=self.dir, user=user), "utf-8")
        self.command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(self.dir), "-e",
                        str(self.dir / "error.log"), "-c", str(self.dir / "nginx.conf")]

    def check(self):
        """What nginx says of the file; "" when it finds nothing."""
        done = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        said = [x for x in done.stderr.splitlines() if "[" in x]
        return "\n".join(said) if said or done.returncode == 0 else done.stderr

    def __enter__(self):
        self.process = subprocess.Popen(self.command)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.https), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.dir / "error.log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.folder.cleanup()

    def tls(self):
        return ssl.create_default_context(cafile=self.dir / "fullchain.pem")

    def passed(self):
        lines = (self.dir / "access.log").read_text("utf-8").splitlines()
        return [x.split()[1] for x in lines if x.split()[1] != "-"]
