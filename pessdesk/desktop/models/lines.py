"""The base document as screens use it: codes, titles and levers of its nodes, and finding one by code or by words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pessdesk.desktop.words import local
from pessdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import NodeRow, Tree


class LineBook:
    """The nodes of the document in force. An id that it does not know shows as itself: it may be of another version."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._nodes = {node.id: node for node in tree.nodes}

    @property
    def version(self) -> str:
        return self.tree.version

    @cached_property
    def pointable(self) -> list[NodeRow]:
        """The nodes to which contributions point: all but the plan itself."""
        return [node for node in self.tree.nodes if node.kind != "plan"]

    @cached_property
    def levers(self) -> list[NodeRow]:
        """The uppermost nodes below the plan, in their order."""
        roots = {node.id for node in self.tree.nodes if not node.parent and node.kind == "plan"}
        return [n for n in self.tree.nodes if n.kind != "plan" and (not n.parent or n.parent in roots)]

    def node(self, line: str) -> NodeRow | None:
        return self._nodes.get(line)

    def code(self, line: str) -> str:
        node = self._nodes.get(line)
        return (node.code or node.id) if node else line

    def title(self, line: str) -> str:
        """The short title where there is one."""
        node = self._nodes.get(line)
        return (local(node.short) or local(node.title)) if node else line

    def named(self, line: str) -> str:
        """Code and title: `4.2 Xarxes de col·laboració`."""
        code, title = self.code(line), self.title(line)
        return title if code in ("", title) else f"{code} {title}"

    @cached_property
    def _levers(self) -> dict[str, str]:
        """The lever of each node; parents stand before their children."""
        found = {node.id: node.id for node in self.levers}
        for node in self.tree.nodes:
            found.setdefault(node.id, found.get(node.parent, ""))
        return found

    def lever(self, line: str) -> str:
        """The id of the lever under which a node hangs; empty for one that is not known."""
        return self._levers.get(line, "")

    @cached_property
    def _lever_numbers(self) -> dict[str, int]:
        return {node.id: number for number, node in enumerate(self.levers, start=1)}

    def lever_number(self, line: str) -> int:
        """The place of a node's lever, from 1; 0 for none."""
        return self._lever_numbers.get(self.lever(line), 0)

    def by_code(self, code: str) -> str:
        """The id of the node of a code, written exactly (`4.2`); empty when there is none."""
        return next((node.id for node in self.pointable if node.code and node.code.lower() == code.lower()), "")

    def matching(self, words: str) -> list[NodeRow]:
        """Nodes whose code begins with the words, or whose titles hold each of them; by code first."""
        wanted = words.strip().lower()
        if not wanted:
            return self.pointable
        coded = [node for node in self.pointable if node.code.lower().startswith(wanted)]
        terms = fold(words).split()
        titled = [n for n in self.pointable if n not in coded and _holds(n, terms)] if terms else []
        return coded + titled


def _holds(node: NodeRow, terms: Sequence[str]) -> bool:
    said = fold(" ".join((*node.title.values(), *node.short.values())))
    return all(term in said for term in terms)
