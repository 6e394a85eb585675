"""Names that may be used at one point of an expression, found by longest match.

A scope knows names only, no values: values live in the environment at run time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.decision.lexer import Token, canonical_name, name_parts

_NAME_KINDS = frozenset({"word", "number", "op", "wide", "wide_string", "bad"})


class Names:
    """A set of names that finds the longest one starting at a token."""

    __slots__ = ("_by_first", "_canonical")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._canonical: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make `name` known; a name without characters is ignored."""
        name = canonical_name(name)
        parts = name_parts(name)
        if not parts or name in self._canonical:
            return
        self._canonical.add(name)
        candidates = self._by_first.setdefault(parts[0], [])
        candidates.append((parts, name))
        candidates.sort(key=lambda pair: -len(pair[0]))

    def add_all(self, names: Iterable[str]) -> None:
        """Make every one of `names` known."""
        for name in names:
            self.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self._canonical

    def __iter__(self) -> Iterator[str]:
        return iter(self._canonical)

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Return the longest known name starting at token `at` and its token count, or ("", 0)."""
        for parts, name in self._by_first.get(tokens[at].text, ()):
            size = len(parts)
            run = tokens[at : at + size]
            if len(run) == size and all(
                token.text == part and token.kind in _NAME_KINDS
                for token, part in zip(run, parts, strict=True)
            ):
                return name, size
        return "", 0


class Scope:
    """A chain of name sets, innermost first; `is_filter` marks names that an item may add."""

    __slots__ = ("is_filter", "names", "parent")

    def __init__(
        self, names: Iterable[str] = (), parent: Scope | None = None, *, is_filter: bool = False
    ) -> None:
        self.names = Names(names)
        self.parent = parent
        self.is_filter = is_filter

    def child(self, names: Iterable[str] = (), *, is_filter: bool = False) -> Scope:
        """Return a scope inside this one."""
        return Scope(names, self, is_filter=is_filter)

    def chain(self) -> Iterable[Scope]:
        """Yield this scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Return the longest name of the whole chain; the innermost wins among equals."""
        best, length = "", 0
        for scope in self.chain():
            name, size = scope.names.match(tokens, at)
            if size > length:
                best, length = name, size
        return best, length

    @property
    def in_filter(self) -> bool:
        """True when an enclosing filter may add the members of an item."""
        return any(scope.is_filter for scope in self.chain())

    def all_names(self) -> set[str]:
        """Return every name of the chain, for suggestions."""
        found: set[str] = set()
        for scope in self.chain():
            found.update(scope.names)
        return found
