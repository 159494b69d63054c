"""Fetch uv's wheel from the package index by the standard library alone, where pip is absent.

Usage: python3 scripts/fetch_uv.py VERSION FOLDER. The digest that the index states is checked.
"""

import hashlib
import io
import os
import platform
import re
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
LINK = re.compile(r'href="([^"#]+)#sha256=([0-9a-f]{64})"')
TIMEOUT_S = 60
BINARY_MODE = 0o755


def main() -> int:
    """Install `FOLDER/bin/uv`."""
    version, folder = sys.argv[1], Path(sys.argv[2])
    url, stated = wheel_for_this_machine(version)
    content = download(url)
    if hashlib.sha256(content).hexdigest() != stated:
        print(f"error: {url} has not the digest {stated} that the index states", file=sys.stderr)
        return 1
    unpack(content, folder / "bin" / "uv")
    return 0


def wheel_for_this_machine(version: str) -> "tuple[str, str]":
    """Return address and SHA-256 of the suitable wheel."""
    page_url = f"{INDEX}/uv/"
    links = LINK.findall(download(page_url).decode())
    for kind, machine in platforms():
        for link, digest in links:
            name = link.rsplit("/", 1)[-1]
            if name.startswith(f"uv-{version}-") and kind in name and f"{machine}.whl" in name:
                return urllib.parse.urljoin(page_url, link), digest
    message = f"error: {page_url} has no uv {version} for {sys.platform} on {platform.machine()}"
    raise SystemExit(message)


def platforms() -> "list[tuple[str, str]]":
    """Return what wheels call this machine, the best first."""
    machine = platform.machine()
    if sys.platform == "darwin":
        return [("macosx", machine)]
    own = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return [(own, machine), ("musllinux", machine)]  # musl's is static: it runs anywhere


def download(url: str) -> bytes:
    """Return the body of `url`."""
    assert url.startswith("https://"), f"{url} is not https"
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - https, see above
        content: bytes = answer.read()
    return content


def unpack(wheel: bytes, target: Path) -> None:
    """Write the one binary that is needed."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(inside))
    target.chmod(BINARY_MODE)


if __name__ == "__main__":
    sys.exit(main())
