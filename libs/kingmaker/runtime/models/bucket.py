"""An S3-compatible bucket: objects that are created once, read whole, and listed by age."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kingmaker.runtime.models.errors import ModelRefusedError

SCHEME = "s3://"
EXTRA = "s3"
NO_BUCKET = "NoSuchBucket"
CALL_S, CONNECT_S = 10, 5


class BucketError(Exception):
    """The bucket cannot be used: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Objects below one prefix."""

    objects: Any  # obstore.store.S3Store
    url: str

    def create(self, path: str, content: bytes) -> bool:
        """Create an object; tell whether it was not there yet."""
        import obstore  # noqa: PLC0415 - an optional library
        from obstore.exceptions import AlreadyExistsError  # noqa: PLC0415 - as above

        with self._answering(path):
            try:
                obstore.put(self.objects, path, content, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def replace(self, path: str, content: bytes) -> None:
        """Put an object in the place of one that is damaged."""
        import obstore  # noqa: PLC0415 - an optional library

        with self._answering(path):
            obstore.put(self.objects, path, content, mode="overwrite", use_multipart=False)

    def read(self, path: str, bytes_max: int) -> bytes | None:
        """Return an object, None if there is none; ModelRefusedError if it is larger than that."""
        import obstore  # noqa: PLC0415 - an optional library

        with self._answering(path):
            try:
                found = obstore.get(self.objects, path)
            except FileNotFoundError as error:
                if NO_BUCKET in str(error):
                    raise
                return None
            if found.meta["size"] > bytes_max:
                raise ModelRefusedError("too_large", f"{path} has more than {bytes_max} bytes")
            return bytes(found.bytes())

    def names(self, prefix: str) -> list[tuple[object, str]]:
        """Return what lies below a prefix, the newest first: when it was put, and its path."""
        import obstore  # noqa: PLC0415 - an optional library

        with self._answering(prefix):
            pages = obstore.list(self.objects, prefix)
            rows = [(one["last_modified"], one["path"]) for page in pages for one in page]
        return sorted(rows, reverse=True)

    def delete(self, path: str) -> None:
        """Delete an object that may be lost at any time."""
        import obstore  # noqa: PLC0415 - an optional library

        with self._answering(path):
            obstore.delete(self.objects, path)

    @contextmanager
    def _answering(self, path: str) -> Iterator[None]:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an optional library

        try:
            yield
        except (BaseError, FileNotFoundError) as error:
            raise BucketError(
                f"{self.url}/{path}: {_first_line(error)}. Check artifacts, and s3.endpoint,"
                f" s3.access_key_id and s3.secret_key_file: this key must be able to list, get and"
                f" put below {self.url}."
            ) from error


@dataclass(frozen=True, slots=True)
class Access:
    """How a bucket is reached. Without a key: as the environment of the process says (AWS_*)."""

    endpoint: str = ""
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_key_file: Path | None = None


def open_bucket(url: str, access: Access) -> Bucket:
    """Return the bucket of s3://BUCKET/PREFIX; nothing is asked of it yet. Raise BucketError."""
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - an optional library
    except ModuleNotFoundError as error:
        raise BucketError(
            f"artifacts is {url}: pip install 'kingmaker[{EXTRA}]' brings what reads buckets, or"
            f" name a folder."
        ) from error
    name, _, prefix = url.removeprefix(SCHEME).rstrip("/").partition("/")
    options: dict[str, Any] = {"region": access.region}
    if access.endpoint:
        options |= {"endpoint": access.endpoint, "virtual_hosted_style_request": False}
    if access.access_key_id:
        options |= {"access_key_id": access.access_key_id, "secret_access_key": _secret(access)}
    objects = S3Store(
        name,
        prefix=prefix or None,
        client_options={
            "timeout": timedelta(seconds=CALL_S),
            "connect_timeout": timedelta(seconds=CONNECT_S),
            "allow_http": access.endpoint.startswith("http://"),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=CALL_S)},
        **options,
    )
    return Bucket(objects, url.rstrip("/"))


def _secret(access: Access) -> str:
    if access.secret_key_file is None:
        raise BucketError(
            f"s3.access_key_id is {access.access_key_id!r}, but s3.secret_key_file is not set. Put"
            f" the secret key alone into a file, and name it there."
        )
    try:
        return access.secret_key_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BucketError(
            f"the secret key of {access.access_key_id!r} cannot be read: {error}. Check"
            f" s3.secret_key_file."
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
