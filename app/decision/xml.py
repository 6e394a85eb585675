"""Bytes of an uploaded file to an XML tree that cannot hurt.

Refuses a DOCTYPE (and with it every entity), foreign encodings tricks, and oversize files;
never opens a network connection or another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.decision.result import Finding, Place

MAX_FILE_BYTES = 2_000_000  # bytes of one DMN file
MAX_ELEMENTS = 100_000  # XML elements of one DMN file
MAX_XML_DEPTH = 100  # elements inside one another

Element = etree._Element  # lxml's element class has no public name

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*['\"]([A-Za-z0-9._-]+)['\"][^>]*\?>")
_DECODED_HERE = frozenset({"gb18030", "gbk", "gb2312", "big5"})


class XmlRefusedError(Exception):
    """The bytes are not an acceptable XML file; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def parse_xml(data: bytes, file: str = "") -> Element:
    """Return the root element of `data`; raises XmlRefusedError."""
    if len(data) > MAX_FILE_BYTES:
        raise _refused("file_too_large", f"文件超过 {MAX_FILE_BYTES // 1_000_000} MB。", file)
    data = _as_utf8(data, file)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused("bad_xml", f"不是完好的 XML 文件：{error}", file) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("doctype", "文件含有 DOCTYPE，不接受。", file, "请删除 <!DOCTYPE …>")
    _check_shape(root, file)
    return root


def _as_utf8(data: bytes, file: str) -> bytes:
    """Decode the Chinese encodings here: not every libxml2 is built with them."""
    declared = _DECLARED.match(data[:200])
    encoding = declared.group(1).decode("ascii").lower() if declared else ""
    if declared is None or encoding not in _DECODED_HERE:
        return data
    try:
        text = data[declared.end() :].decode("gb18030" if encoding.startswith("gb") else encoding)
    except UnicodeDecodeError:
        raise _refused("bad_encoding", f"文件声明为 {encoding}，内容却不是。", file) from None
    return text.encode("utf-8")


def _check_shape(root: Element, file: str) -> None:
    stack = [(root, 1)]
    count = 0
    while stack:
        element, depth = stack.pop()
        count += 1
        if count > MAX_ELEMENTS or depth > MAX_XML_DEPTH:
            raise _refused("file_too_large", "文件的元素太多或嵌套太深。", file)
        if element.tag is etree.Entity:
            raise _refused("doctype", "文件含有实体引用，不接受。", file)
        stack.extend((child, depth + 1) for child in element)


def _refused(code: str, message: str, file: str, suggestion: str = "") -> XmlRefusedError:
    return XmlRefusedError(Finding(code, "error", message, suggestion, Place(file=file)))


def local(element: Element) -> str:
    """Return the element's name without its namespace: DMN 1.1 to 1.5 differ only there."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children with one of these local names."""
    return (child for child in element if local(child) in names)


def child(element: Element, name: str) -> Element | None:
    """Return the first child of that local name."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """Return the trimmed content of the element's `text` child, "" when there is none."""
    inner = child(element, "text") if element is not None else None
    return (inner.text or "").strip() if inner is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute as text, "" when it is missing."""
    value = element.get(name) if element is not None else None
    return str(value) if value is not None else ""
