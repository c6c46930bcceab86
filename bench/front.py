"""The deployment's own nginx (deploy/nginx.conf) on other ports, beside one that serves the same page as a file."""

import subprocess
import time
from pathlib import Path

from bench import servers
from bench.servers import GUIDE, ROOT, Server

FILE_SERVER = """
    server {
        listen 127.0.0.1:%(file_port)s ssl http2;
        server_name localhost;
        ssl_certificate %(folder)s/certificate.pem;
        ssl_certificate_key %(folder)s/key.pem;
        root %(folder)s/files;
        default_type text/html;
        location / { gzip_static on; }
    }
}
"""


def start(folder: Path, site: Server, page: bytes = b"", compressed: bytes = b"") -> tuple[Server, Server]:
    """nginx serving the page as a file, and the deployment's nginx in front of `site`: two addresses of one process."""
    _write_file(folder / "files", page, compressed)
    write_certificate(folder)
    ports = {"file_port": servers.free_port(), "front_port": servers.free_port()}
    config = folder / "nginx.conf"
    config.write_text(configuration(folder, site.port, **ports), encoding="utf-8")
    for readable in (folder, folder / "files", folder / "files" / GUIDE.strip("/")):
        readable.chmod(0o755)
    begun = time.perf_counter()
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(config)])  # noqa: S603, S607
    found = (
        Server("nginx, the file", ports["file_port"], process, scheme="https"),
        Server("nginx, in front", ports["front_port"], process, scheme="https"),
    )
    for server in found:
        servers.wait(server, begun, GUIDE)
    return found


def configuration(folder: Path, site_port: int, *, file_port: int, front_port: int) -> str:
    """The deployment's configuration with these ports and folders. Raises ValueError when a place is not in it."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;\ndaemon off;",
        "/var/log/nginx/careeros.log": f"{folder}/access.log",
        "/var/log/nginx/error.log": f"{folder}/error.log",
        "/var/lib/nginx/careeros": f"{folder}/pages",
        "/var/www/acme": f"{folder}/acme",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{site_port};",
        "listen 80 default_server;": f"listen 127.0.0.1:{servers.free_port()} default_server;",
        "listen [::]:80 default_server;": "",
        "listen 443 ssl default_server;": f"listen 127.0.0.1:{front_port} ssl default_server;",
        "listen [::]:443 ssl default_server;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{front_port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "server_name eichdyn.co.uk;": "server_name localhost;",
        "/etc/nginx/tls/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/nginx/tls/privkey.pem": f"{folder}/key.pem",
        "    sendfile on;": "    sendfile on;\n"
        + "".join(
            f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
    }
    for place, replacement in changes.items():
        if place not in text:
            raise ValueError(f"deploy/nginx.conf has no “{place}”.")
        text = text.replace(place, replacement)
    return text.rstrip().removesuffix("}") + FILE_SERVER % {"file_port": file_port, "folder": folder}


def _write_file(root: Path, page: bytes, compressed: bytes) -> None:
    folder = root / GUIDE.strip("/")
    folder.mkdir(parents=True)
    (folder / "index.html").write_bytes(page)
    (folder / "index.html.gz").write_bytes(compressed)


def write_certificate(folder: Path) -> None:
    """certificate.pem and key.pem for localhost, valid for two days."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    places = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command.split(), *places], check=True, capture_output=True)  # noqa: S603
