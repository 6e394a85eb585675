"""Personal data under lock: sealing bound to one row, look-up without reading, audit keys.

A sealed value opens only with its key and in its own row: moved to another row, table or county it
is refused. AES-256-GCM; a later issue may add SM4 behind the same three verbs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel.errors import Parked
from app.store.types import dump, load

KEY_BYTES = 32
NONCE_BYTES = 12
MAX_VERSION = 255  # the key version is the first byte of every sealed value

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHORT_ID, _LONG_ID = 15, 18


class Vault:
    """Seals, opens and indexes with keys derived from one secret (and its predecessors)."""

    def __init__(
        self, key: bytes, *, version: int = 1, retired: Mapping[int, bytes] | None = None
    ) -> None:
        """Take the present key of 32 bytes and the earlier ones by version, for opening only."""
        keys = {**(retired or {}), version: key}
        for number, secret in keys.items():
            if len(secret) != KEY_BYTES or not 1 <= number <= MAX_VERSION:
                raise ValueError("a vault key has 32 bytes and a version from 1 to 255")
        self._version = version
        self._seals = {number: AESGCM(_derive(secret, b"seal")) for number, secret in keys.items()}
        # The index and the audit chain outlive a change of the sealing key: oldest secret.
        oldest = keys[min(keys)]
        self._index_key = _derive(oldest, b"blind-index")
        self.audit_key = _derive(oldest, b"audit-chain")

    def seal(self, plain: bytes, *, region: str, table: str, row_id: UUID) -> bytes:
        """`plain` locked to this row: one version byte, a nonce, the ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound_to(region, table, row_id, self._version)
        sealed = self._seals[self._version].encrypt(nonce, plain, bound)
        return bytes((self._version,)) + nonce + sealed

    def unseal(self, sealed: bytes, *, region: str, table: str, row_id: UUID) -> bytes:
        """What was sealed for this very row; raises Parked when it was not, or was changed."""
        version = sealed[0] if sealed else 0
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._seals[version].decrypt(
                nonce, body, _bound_to(region, table, row_id, version)
            )
        except (InvalidTag, KeyError, ValueError) as error:
            raise Parked(
                "seal_broken",
                f"加密内容无法打开（表 {table}，记录 {row_id}）：内容或位置被改动，或密钥不符。"
                "请停止操作并通知系统管理员核查审计记录。",
                retryable=False,
                table=table,
                row_id=str(row_id),
            ) from error

    def seal_json(self, value: Any, *, region: str, table: str, row_id: UUID) -> bytes:
        """A JSON value sealed; decimals and instants survive (see `types.dump`)."""
        return self.seal(dump(value).encode(), region=region, table=table, row_id=row_id)

    def unseal_json(self, sealed: bytes, *, region: str, table: str, row_id: UUID) -> Any:
        """The JSON value sealed for this row."""
        return load(self.unseal(sealed, region=region, table=table, row_id=row_id).decode())

    def blind_index(self, number: str) -> str:
        """A keyed digest of an identity number, equal for equal people; 64 hexadecimal digits."""
        plain = normalise_id_number(number).encode()
        return hmac.new(self._index_key, plain, hashlib.sha256).hexdigest()


def normalise_id_number(number: str) -> str:
    """The number in its one form: no spaces, half-width, capital X, 15 digits made 18."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if len(plain) == _SHORT_ID and plain.isdigit():
        longer = plain[:6] + "19" + plain[6:]
        total = sum(int(digit) * weight for digit, weight in zip(longer, _WEIGHTS, strict=True))
        plain = longer + _CHECK[total % 11]
    return plain


def load_or_make_secret(path: Path) -> bytes:
    """The 32 secret bytes of this installation, made once, readable by the owner only.

    Raises: ValueError when the file exists with another length or is open to others.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    if path.stat().st_mode & 0o077:
        raise ValueError(f"the secret file is open to others; run: chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise ValueError(f"the secret file must hold {KEY_BYTES} bytes: {path}")
    return secret


def _derive(secret: bytes, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"jiuji:" + use).derive(secret)


def _bound_to(region: str, table: str, row_id: UUID, version: int) -> bytes:
    return f"{region}|{table}|{row_id}|{version}".encode()
