"""`jiuji export` and `jiuji import`: a package as one file or as folders, out and into a draft."""

from __future__ import annotations

import argparse
import uuid
from pathlib import Path
from typing import Any

from app.cli.site import Site, site
from app.cli.words import finding_line
from app.kernel.errors import NotFound, Refused
from app.studio import drafts
from app.studio.checking import surroundings
from app.studio.gate import Upload, inspect
from app.studio.localities import Package, resolve
from app.studio.overlay import seen
from app.studio.parcels import ENDING, pack
from app.studio.people import person
from app.studio.publish import in_force

MAX_PARCEL_BYTES = 50_000_000  # of a zip that is read


def add_parsers(subparsers: Any) -> None:
    """Declare the commands."""
    out = subparsers.add_parser("export", help="导出一个地区的政策包：一个 zip，或一组文件夹")
    out.description = "导出一个地区现行的政策包；同样的内容导出的文件逐字节相同。"
    out.add_argument("locality", metavar="地区")
    out.add_argument("to", metavar="目标", help="文件名以 .zip 结尾为一个文件，否则为空文件夹")
    out.add_argument("--files", action="store_true", help="导出文件夹里的内容，不是现行版本")
    out.set_defaults(run=export)
    back = subparsers.add_parser("import", help="把政策包（zip 或文件夹）检查后导入一份新草稿")
    back.description = "检查并试运行一个政策包，合格后存成一份新草稿；不影响现行版本。"
    back.add_argument("locality", metavar="地区")
    back.add_argument("source", metavar="来源", help="zip 文件，或含 processes 等的文件夹")
    back.add_argument("--author", required=True, metavar="登录名", help="编制人（政策管理员）")
    back.add_argument("--title", required=True, metavar="说明", help="这份草稿要改什么")
    back.set_defaults(run=import_)


def export(args: argparse.Namespace) -> int:
    """Write the package; an existing file or a folder with something in it is left alone."""
    with site() as here:
        package = _package(here, args.locality, from_folder=args.files)
    target = Path(args.to)
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise Refused("exists", f"{target} 已经存在，不覆盖；请换一个名称。")
    if target.name.endswith(ENDING):
        target.write_bytes(pack(package.stored))
    else:
        for path, raw in package.stored.items():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(raw)
    print(f"{package.name}：已导出 {len(package.stored)} 个文件到 {target}。")
    return 0


def import_(args: argparse.Namespace) -> int:
    """Store the package as a draft, or print everything that is wrong; 1 then."""
    uploads = _uploads(Path(args.source), args.locality)
    with site() as here:
        database = here.installation.database
        actor = person(database, args.author)
        base = _package(here, args.locality, from_folder=False)
        found = inspect(base, uploads, surroundings(database, here.installation.clock.now()))
        for finding in (*found.blocking, *found.telling):
            print(finding_line(finding))
        if not found.passes:
            print("没有导入。")
            return 1
        key = uuid.uuid4().hex
        draft_id = drafts.open_draft(database, actor, args.locality, args.title, key=key)
        expected = seen(base.stored, found.files)
        drafts.write_files(
            database, actor, draft_id, found.files, expected=expected, key=f"{key}:files"
        )
    print(f"已导入 {len(found.files)} 个文件，草稿 {draft_id}；请在政策工作室送审。")
    return 0


def _package(here: Site, locality: str, *, from_folder: bool) -> Package:
    if from_folder:
        return resolve(here.settings.models_dir, locality)
    found = in_force(here.installation.database, locality)
    if found is None:
        raise NotFound("unknown_locality", f"没有地区“{locality}”，或者它还没有发布过。")
    return found


def _uploads(source: Path, locality: str) -> list[Upload]:
    if source.is_dir():
        stored = resolve(source, locality).stored
        return [Upload(f"{locality}{ENDING}", pack(stored))]
    if not source.is_file():
        raise NotFound("no_file", f"没有文件或文件夹 {source}。")
    if source.stat().st_size > MAX_PARCEL_BYTES:
        raise Refused("file_too_big", f"{source} 超过 {MAX_PARCEL_BYTES // 1_000_000} MB。")
    return [Upload(source.name, source.read_bytes())]
