"""DMN files to a graph of compiled elements, with every finding of the file collected.

Files are linked by namespace; an element of an imported file is reached through the import's
name, as DMN asks. Nothing is fetched: what is not handed in does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.decision.boxed import expression_element, expression_in, function_parts
from app.decision.compile import new_compiler
from app.decision.drg import Element as Node
from app.decision.drg import Requirement, find_cycle
from app.decision.items import declare_items, define_items, member_names, type_of_text
from app.decision.lexer import canonical_name
from app.decision.properties import PROPERTY_NAMES
from app.decision.result import Finding, Place
from app.decision.scope import Names
from app.decision.site import ROOT, Book, Site
from app.decision.types import ANY, Type
from app.decision.xml import Element, XmlRefusedError, attribute, child, children, local, parse_xml

MAX_IMPORTS = 50  # files one model may be linked with

_KINDS = {
    "inputData": "input",
    "decision": "decision",
    "businessKnowledgeModel": "bkm",
    "decisionService": "service",
}
_REFERENCES = ("requiredInput", "requiredDecision", "requiredKnowledge")


@dataclass(slots=True)
class Document:
    """One file: its tree, its names, its elements."""

    root: Element
    namespace: str
    book: Book
    imports: dict[str, str] = field(default_factory=dict)  # namespace -> import name
    nodes: dict[str, Node] = field(default_factory=dict)  # XML id -> element, file order
    sources: dict[str, Element] = field(default_factory=dict)  # XML id -> its XML


def load_documents(
    xml: bytes, imports: Sequence[bytes], file: str
) -> tuple[Document | None, list[Finding]]:
    """Return the main document, compiled, and the findings of all; None when unreadable."""
    findings: list[Finding] = []
    documents: list[Document] = []
    for index, data in enumerate((xml, *imports[:MAX_IMPORTS])):
        name = file if index == 0 else f"{file}#{index}" if file else f"#{index}"
        try:
            documents.append(_open(parse_xml(data, name), name, findings))
        except XmlRefusedError as refused:
            findings.append(refused.finding)
            if index == 0:
                return None, findings
    by_namespace = {document.namespace: document for document in reversed(documents)}
    _link_types(documents, by_namespace)
    for document in documents:
        _declare(document)
    for document in documents:
        _connect(document, by_namespace)
    everything = [node for document in documents for node in document.nodes.values()]
    _report_cycle(everything, documents[0])
    done: set[str] = set()
    for document in documents:
        for identity in document.nodes:
            _compile_in_order(document, identity, by_namespace, done)
    return documents[0], findings


def _open(root: Element, file: str, findings: list[Finding]) -> Document:
    if local(root) != "definitions":
        finding = Finding("not_dmn", "error", "不是 DMN 文件。", "", Place(file=file))
        raise XmlRefusedError(finding)
    types: dict[str, Type] = {}
    book = Book(
        file=file,
        findings=findings,
        members=Names((*PROPERTY_NAMES, *member_names(root))),
        types=types,
        type_names=Names(),
        compiler=new_compiler(lambda name: types.get(name, Type("unknown", name))),
    )
    document = Document(root, attribute(root, "namespace"), book)
    for element in children(root, "import"):
        document.imports[attribute(element, "namespace")] = canonical_name(
            attribute(element, "name")
        )
    declare_items(root, book)
    return document


def _link_types(documents: list[Document], by_namespace: dict[str, Document]) -> None:
    """Define all item definitions, those of imported files first, and share them by prefix."""
    done: set[str] = set()

    def define(document: Document) -> None:
        if document.namespace in done:
            return
        done.add(document.namespace)
        for namespace, prefix in document.imports.items():
            imported = by_namespace.get(namespace)
            if imported is None:
                _missing_import(document, namespace, prefix)
                continue
            define(imported)
            for name, kind in list(imported.book.types.items()):
                full = f"{prefix}.{name}" if prefix else name
                document.book.types.setdefault(full, kind)
                document.book.type_names.add(full)
            document.book.members.add_all(imported.book.members)
        define_items(document.root, document.book)

    for document in documents:
        define(document)


def _missing_import(document: Document, namespace: str, prefix: str) -> None:
    place = Place(file=document.book.file)
    message = f"导入的模型“{prefix or namespace}”没有一起提供。"
    finding = Finding("missing_import", "error", message, "请把它放在同一次部署里", place)
    document.book.findings.append(finding)


def _declare(document: Document) -> None:
    """Make a graph element of everything drawn in the document."""
    names: set[str] = set()
    for element in document.root:
        kind = _KINDS.get(local(element))
        if kind is None:
            continue
        label = canonical_name(attribute(element, "name"))
        variable = child(element, "variable")
        name = canonical_name(attribute(variable, "name")) or label
        identity = attribute(element, "id") or f"{kind}:{label}"
        place = Place(file=document.book.file, decision=label, element_id=identity)
        site = Site(document.book, place, ROOT)
        if not name:
            site.report("element_without_name", "决策图里有一个元素没有名称。", "请填写名称")
        if name in names:
            site.report("repeated_name", f"有两个元素都叫“{name}”。", "请改名")
        names.add(name)
        document.book.drawn.setdefault(name, kind)
        reference = attribute(variable, "typeRef")
        if not reference and kind == "service":
            reference = attribute(element, "typeRef")
        kind_of_value = type_of_text(reference, site)
        document.nodes[identity] = Node(kind, identity, name, label, place, kind_of_value)
        document.sources[identity] = element


def _connect(document: Document, by_namespace: dict[str, Document]) -> None:
    """Follow every arrow to its element."""
    for identity, node in document.nodes.items():
        source = document.sources[identity]
        for requirement in source:
            for reference in children(requirement, *_REFERENCES):
                target = _target(document, by_namespace, reference, node)
                if target is not None:
                    node.requires.append(target)
        if node.kind != "service":
            continue
        for tag, into in (("outputDecision", node.outputs), ("inputDecision", node.inputs)):
            for reference in children(source, tag):
                target = _target(document, by_namespace, reference, node)
                if target is not None:
                    into.append(target.element)
        data = [_target(document, by_namespace, r, node) for r in children(source, "inputData")]
        node.inputs[:0] = [target.element for target in data if target is not None]


def _target(
    document: Document, by_namespace: dict[str, Document], reference: Element, node: Node
) -> Requirement | None:
    namespace, _, identity = attribute(reference, "href").rpartition("#")
    home = by_namespace.get(namespace) if namespace else document
    found = home.nodes.get(identity) if home is not None else None
    if home is None or found is None:
        site = Site(document.book, node.place, ROOT)
        site.report(
            "missing_element", f"连线指向的元素“{identity}”不存在。", "请删除或重画这条连线"
        )
        return None
    prefix = "" if home is document else document.imports.get(home.namespace, "")
    return Requirement(prefix, found)


def _report_cycle(nodes: list[Node], main: Document) -> None:
    cycle = find_cycle(nodes)
    if cycle:
        names = " → ".join(node.label for node in [*cycle, cycle[0]])
        site = Site(main.book, cycle[0].place, ROOT)
        site.report("requirement_cycle", f"决策互相需要对方的结果：{names}。", "请删去一条连线")


def _compile_in_order(
    document: Document, identity: str, by_namespace: dict[str, Document], done: set[str]
) -> None:
    """Compile an element after those it requires, so that their entries' names are known."""
    stack = [(document, identity)]
    while stack:
        home, current = stack[-1]
        key = f"{home.namespace}#{current}"
        waiting = [] if key in done else _required_homes(home, current, by_namespace)
        done.add(key)
        waiting = [(d, i) for d, i in waiting if f"{d.namespace}#{i}" not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        node = home.nodes[current]
        if not node.compiled:
            node.compiled = True
            _compile(home, node, home.sources[current])


def _required_homes(
    document: Document, identity: str, by_namespace: dict[str, Document]
) -> list[tuple[Document, str]]:
    found: list[tuple[Document, str]] = []
    for requirement in document.nodes[identity].requires:
        wanted = requirement.element
        for home in (document, *by_namespace.values()):
            if home.nodes.get(wanted.element_id) is wanted:
                found.append((home, wanted.element_id))
                break
    return found


def _compile(document: Document, node: Node, source: Element) -> None:
    scope = ROOT.child()
    for requirement in node.requires:
        scope.names.add(requirement.prefix or requirement.element.name)
    site = Site(document.book, node.place, scope, tables=node.tables, element_id=node.element_id)
    if node.kind == "decision":
        if not any(r.element.kind in {"input", "decision"} for r in node.requires):
            site.implicit = node.implicit
        if expression_element(source) is not None:
            node.body = expression_in(source, site)
        else:
            site.report("no_logic", f"决策“{node.label}”没有逻辑。", "请补上决策表", error=False)
    elif node.kind == "bkm":
        scope.names.add(node.name)
        logic = child(source, "encapsulatedLogic")
        if logic is not None:
            node.parameters, node.types, node.body = function_parts(logic, site)
        if node.type is ANY and logic is not None:
            node.type = type_of_text(attribute(logic, "typeRef"), site)
