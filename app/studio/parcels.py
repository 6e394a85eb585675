"""A package as one file: a zip that is the same, byte for byte, for the same files.

Reading one refuses everything that is not plain files in the folders of a package: paths that
climb, links, archives in archives, what is locked, what grows beyond bounds.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Mapping

from app.kernel.errors import Refused
from app.studio.localities import MAX_FILE_BYTES, MAX_FILES, MAX_PACKAGE_BYTES

ENDING = ".zip"
MAX_RATIO = 200  # times a file may grow when it is unpacked
MAX_NAME = 200  # characters

_MOMENT = (2000, 1, 1, 0, 0, 0)  # of every entry: when something was packed says nothing
_MODE = 0o100644 << 16
_UNIX = 3
_LOCKED = 0x1
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.\-]{0,99}/){0,3}[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")
_ARCHIVES = (".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip, in order of path, without times or anything of this machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as parcel:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.external_attr, entry.create_system = _MODE, _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            parcel.writestr(entry, files[path], compresslevel=9)
    return out.getvalue()


def unpack(raw: bytes) -> dict[str, bytes]:
    """Path -> content of everything in the zip; folders are left out.

    Raises Refused naming the entry that can not be taken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parcel:
            entries = [entry for entry in parcel.infolist() if not entry.is_dir()]
            _refuse_list(entries)
            return {entry.filename: _content(parcel, entry) for entry in entries}
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("bad_zip", "压缩包读不懂，可能没有传完整。请重新打包（zip）再传。") from None


def _refuse_list(entries: list[zipfile.ZipInfo]) -> None:
    if not 0 < len(entries) <= MAX_FILES:
        raise Refused("bad_zip", f"压缩包里须有 1 至 {MAX_FILES} 个文件。")
    if sum(entry.file_size for entry in entries) > MAX_PACKAGE_BYTES:
        limit = MAX_PACKAGE_BYTES // 1_000_000
        raise Refused("zip_bomb", f"压缩包解开后超过 {limit} MB，不予解开。")
    seen: set[str] = set()
    for entry in entries:
        problem = _problem(entry, seen)
        if problem:
            name = entry.filename[:MAX_NAME].encode("unicode_escape").decode("ascii")
            raise Refused("bad_zip", f"压缩包里的“{name}”{problem}，整个压缩包不予导入。")
        seen.add(entry.filename.lower())


def _problem(entry: zipfile.ZipInfo, seen: set[str]) -> str:
    """What is wrong with an entry, "" when nothing."""
    name = entry.filename
    if len(name) > MAX_NAME or not _NAME.fullmatch(name) or ".." in name:
        return "的路径不合规（只能是 processes、dmn、forms 下的普通文件名）"
    if name.lower() in seen:
        return "出现了两次"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "是链接"
    if entry.flag_bits & _LOCKED:
        return "加了密码"
    if name.lower().endswith(_ARCHIVES):
        return "又是一个压缩包（不解开套着的压缩包）"
    if entry.file_size > MAX_FILE_BYTES:
        return f"解开后超过 {MAX_FILE_BYTES // 1000} KB"
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return f"解开后大了 {MAX_RATIO} 倍以上"
    return ""


def _content(parcel: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry, whatever size it claims to have."""
    with parcel.open(entry) as stream:
        raw = stream.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        raise Refused("zip_bomb", f"压缩包里的“{entry.filename}”比它说的大，不予解开。")
    return raw
