"""Bytes to an XML tree, hardened: nothing is fetched, expanded or executed on the way.

Only UTF-8 is read, because a wrong guess shows as wrong Chinese much later.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from app.decision.result import Finding, Place
from app.process import limits

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")


def read_xml(data: bytes, file: str) -> tuple[Any, list[Finding]]:
    """The root element, or None with the findings that say why not."""
    problem = _refuse_bytes(data)
    if problem is None:
        root, problem = _parse(data)
        if problem is None:
            problem = _refuse_tree(root)
            if problem is None:
                return root, []
    code, message, suggestion = problem
    return None, [Finding(code, "error", message, suggestion, Place(file=file))]


def _refuse_bytes(data: bytes) -> tuple[str, str, str] | None:
    if len(data) > limits.FILE_BYTES:
        limit = f"{limits.FILE_BYTES // 1000} KB"
        return "file_too_large", f"文件超过 {limit}。", "请拆分流程或删去嵌入的图片。"
    text = data.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(text)
    if declared is not None and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        name = declared.group(1).decode("ascii")
        return "not_utf8", f"文件声明的编码是 {name}，只接受 UTF-8。", "请用 UTF-8 另存后再上传。"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "not_utf8", "文件不是 UTF-8 编码。", "请用 UTF-8 另存后再上传。"
    if b"\x00" in data:
        return "not_utf8", "文件含有空字符，不是 UTF-8 文本。", "请用 UTF-8 另存后再上传。"
    if any(mark in data for mark in _FORBIDDEN):
        return "doctype", "文件含有 DOCTYPE 或实体声明，不予读取。", "请删去文件开头的 DOCTYPE。"
    return None


def _parse(data: bytes) -> tuple[Any, tuple[str, str, str] | None]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"（第 {line} 行）" if line else ""
        return None, (
            "bad_xml",
            f"文件不是合格的 XML{where}。",
            "请用建模工具重新导出，不要手工修改。",
        )
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        return None, ("doctype", "文件含有 DOCTYPE，不予读取。", "请删去文件开头的 DOCTYPE。")
    return root, None


def _refuse_tree(root: Any) -> tuple[str, str, str] | None:
    """The first limit the tree crosses, walking without recursion."""
    count = 0
    stack = [(root, 1)]
    advice = "请简化文件后再上传。"
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > limits.XML_ELEMENTS:
            return "too_many_elements", f"文件的元素超过 {limits.XML_ELEMENTS} 个。", advice
        if depth > limits.XML_DEPTH:
            return "too_deep", f"文件嵌套超过 {limits.XML_DEPTH} 层。", advice
        if len(node.attrib) > limits.XML_ATTRIBUTES:
            return "too_many_attributes", f"一个元素有 {len(node.attrib)} 个属性。", advice
        if any(len(value) > limits.ATTRIBUTE_CHARS for value in node.attrib.values()):
            return "too_long", f"一个属性超过 {limits.ATTRIBUTE_CHARS} 字。", advice
        if node.text is not None and len(node.text) > limits.TEXT_CHARS:
            return "too_long", f"一段文字超过 {limits.TEXT_CHARS} 字。", advice
        stack.extend((child, depth + 1) for child in node)
    return None
