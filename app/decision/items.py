"""Item definitions of a document to types, and `typeRef` texts to the types they name."""

from __future__ import annotations

from collections.abc import Iterator

from app.decision.compile import compile_cell
from app.decision.lexer import canonical_name
from app.decision.result import Place, Value
from app.decision.runtime import Runtime
from app.decision.site import ROOT, Book, Site
from app.decision.types import ANY, Check, Type, simple_type
from app.decision.xml import Element, attribute, child, children, local, text_of


def declare_items(root: Element, book: Book) -> None:
    """Make every item definition of the document known; their content follows in `define_items`."""
    for element in children(root, "itemDefinition"):
        name = canonical_name(attribute(element, "name"))
        book.types[name] = Type("unknown", name)
        book.type_names.add(name)


def define_items(root: Element, book: Book) -> None:
    """Fill in the declared types, whatever their order in the file."""
    definitions = {
        canonical_name(attribute(element, "name")): element
        for element in children(root, "itemDefinition")
    }
    filler = _Filler(book, definitions)
    for name in definitions:
        filler.fill(name)


class _Filler:
    """Fills types once each, the referenced ones first."""

    def __init__(self, book: Book, definitions: dict[str, Element]) -> None:
        self._book = book
        self._definitions = definitions
        self._open: set[str] = set()

    def fill(self, name: str) -> Type:
        """Return the complete type of that name."""
        made = self._book.types[name]
        if made.kind != "unknown" or name in self._open:
            return made
        self._open.add(name)
        content = self.content(self._definitions[name])
        made.kind, made.basic, made.item = content.kind, content.basic, content.item
        made.entries, made.parameters = content.entries, content.parameters
        made.result, made.checks, made.allowed = content.result, content.checks, content.allowed
        if made.kind == "unknown":
            made.kind = "any"
        return made

    def content(self, element: Element) -> Type:
        """Return the type of an item definition or component, without its name."""
        site = Site(self._book, Place(file=self._book.file), ROOT).at(element)
        components = tuple(children(element, "itemComponent"))
        function = child(element, "functionItem")
        if components:
            base = Type("context", entries={})
            for part in components:
                name = canonical_name(attribute(part, "name"))
                assert base.entries is not None
                base.entries[name] = self.content(part)
        elif function is not None:
            base = self._function(function, site)
        else:
            base = self._referenced(element, site)
        base = self._constrained(base, element, "allowedValues", site)
        if attribute(element, "isCollection") == "true":
            base = Type("list", item=base)
        return self._constrained(base, element, "typeConstraint", site)

    def _function(self, element: Element, site: Site) -> Type:
        parameters = tuple(
            self._named(attribute(part, "typeRef"), site)
            for part in children(element, "parameters")
        )
        result = self._named(attribute(element, "outputTypeRef"), site)
        return Type("function", parameters=parameters, result=result)

    def _referenced(self, element: Element, site: Site) -> Type:
        reference = child(element, "typeRef")
        text = (reference.text or "") if reference is not None else attribute(element, "typeRef")
        base = self._named(text, site)
        return Type(
            base.kind, base.name, base.basic, base.item, base.entries, base.parameters,
            base.result, list(base.checks), list(base.allowed),
        )  # fmt: skip

    def _named(self, text: str, site: Site) -> Type:
        name = canonical_name(text)
        if name in self._definitions:
            return self.fill(name)
        return type_of_text(text, site)

    def _constrained(self, base: Type, element: Element, tag: str, site: Site) -> Type:
        text = text_of(child(element, tag))
        if not text:
            return base
        node = site.parse(text, form="tests").node
        if node is not None:
            base.checks.append(_check(self._book, node))
            base.allowed.append(node)
        return base


def _check(book: Book, node: object) -> Check:
    test = compile_cell(book.compiler, node)  # type: ignore[arg-type]

    def allowed(rt: Runtime, value: Value) -> bool:
        return test(rt, {"?": value}, value) is True

    return allowed


def type_of_text(text: str, site: Site) -> Type:
    """Return the type a `typeRef` names; an unknown one is a finding and means anything."""
    name = canonical_name(text)
    if not name:
        return ANY
    found = site.book.types.get(name) or simple_type(name)
    if found is None and ":" in name:  # DMN 1.1 wrote prefixes
        name = name.rpartition(":")[2]
        found = site.book.types.get(name) or simple_type(name)
    if found is None:
        site.report("unknown_type", f"没有叫“{text}”的类型。", "请在数据类型中定义它")
        return ANY
    return found


def member_names(root: Element) -> Iterator[str]:
    """Yield every name of a document that may stand after a dot."""
    for element in root.iter():
        kind = local(element)
        if kind in {"itemComponent", "output", "column"}:
            yield attribute(element, "name")
        elif kind == "variable":
            yield attribute(element, "name")
        elif kind in {"decision", "inputData", "businessKnowledgeModel", "decisionService"}:
            yield attribute(element, "name")
