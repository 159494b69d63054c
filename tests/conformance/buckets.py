"""A bucket on this machine: an S3 server in a thread of the test."""

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moto.server import ThreadedMotoServer

from kingmaker.runtime.models.bucket import Access

BUCKET = "models"
URL = f"s3://{BUCKET}/kingmaker"
KEY = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request"


@contextmanager
def a_bucket(folder: Path) -> Iterator[Access]:
    """Yield how an empty bucket is reached."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        for verb, path in (("POST", "moto-api/reset"), ("PUT", BUCKET)):
            request = urllib.request.Request(  # noqa: S310 - our own server
                f"{endpoint}/{path}", method=verb, headers={"Authorization": KEY}
            )
            urllib.request.urlopen(request).close()  # noqa: S310 - as above
        secret = folder / "secret-key"
        secret.write_text("any\n")
        yield Access(endpoint, access_key_id="any", secret_key_file=secret)
    finally:
        server.stop()
