"""Uploaded papers as far as a form looks at them: size, name, and what the first bytes say.

The bytes themselves are kept by the caller under `ref`; a form holds the reference only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.form.limits import MAX_FILE_NAME, MAX_UPLOAD_BYTES
from app.form.typed import has_control

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
HEAD_BYTES = 16  # how much of a file the caller hands over in `head`
_NAMES = {"image/jpeg": "JPG 图片", "image/png": "PNG 图片", "application/pdf": "PDF 文件"}
_SEPARATORS = str.maketrans({"/": "_", "\\": "_", ":": "_"})


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of a request."""

    ref: str  # under which the caller keeps or will keep the bytes, e.g. their SHA-256
    name: str  # as the person's machine named it; never used as a path
    size: int  # bytes
    head: bytes  # the first HEAD_BYTES bytes

    @property
    def media_type(self) -> str:
        """What the first bytes say, "" when unknown; the browser's claim is not asked."""
        return next((kind for mark, kind in _SIGNATURES if self.head.startswith(mark)), "")

    def kept(self) -> dict[str, Any]:
        """What the form keeps of it."""
        name = "".join(char for char in self.name if not has_control(char))
        name = name.translate(_SEPARATORS).strip(". ")[-MAX_FILE_NAME:] or "未命名"
        return {"ref": self.ref, "name": name, "type": self.media_type, "size": self.size}


def file_fault(one: UploadedFile, accept: Sequence[str]) -> str:
    """Why the file is not taken, as the end of a Chinese sentence; "" when it is."""
    shown = one.kept()["name"]
    if one.size == 0:
        return f"里的“{shown}”是空文件，请重新选择"
    if one.size > MAX_UPLOAD_BYTES:
        return f"里的“{shown}”超过 {MAX_UPLOAD_BYTES // (1024 * 1024)} MB，请压缩后再传"
    if one.media_type not in accept:
        wanted = "、".join(_NAMES.get(kind, kind) for kind in accept)
        return f"只收{wanted}，“{shown}”不是"
    return ""


def files_in(values: Any) -> Iterator[Mapping[str, Any]]:
    """File records anywhere in kept values."""
    if isinstance(values, Mapping):
        if isinstance(values.get("ref"), str) and "name" in values:
            yield values
        for one in values.values():
            yield from files_in(one)
    elif isinstance(values, list | tuple):
        for one in values:
            yield from files_in(one)
