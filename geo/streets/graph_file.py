"""A GraphML file taken in: its edges numbered as they stand in it, what it leaves unsaid told."""

import io
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import networkx as nx
from networkx.readwrite.graphml import GraphMLReader

from geo.door.doctype import declares_gbk
from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say

NUMBER = "carecircle:number"
"""Attribute of an edge: how many edges stand in the file up to it."""

# OSMnx writes some twenty; each is decoded, and becomes a column of all edges.
_MOST_ATTRIBUTES = 1_000


class _TooManyError(Exception):
    """Something has more attributes than any street."""


class _Reader(GraphMLReader):  # type: ignore[misc]
    """The library's reader, which numbers edges and stops at too many attributes."""

    def __init__(self) -> None:
        super().__init__(force_multigraph=True)
        self._edges = 0

    def find_graphml_keys(self, graph_element: Any) -> Any:  # noqa: ANN401 - the library's own
        if len(graph_element.findall(f"{{{self.NS_GRAPHML}}}key")) > _MOST_ATTRIBUTES:
            raise _TooManyError
        return super().find_graphml_keys(graph_element)

    def decode_data_elements(self, graphml_keys: Any, obj_xml: Element) -> dict[str, Any]:  # noqa: ANN401 - as above
        is_graph = obj_xml.tag.endswith("}graph")  # which holds the nodes and edges
        if not is_graph and len(obj_xml) > _MOST_ATTRIBUTES:
            raise _TooManyError
        data: dict[str, Any] = super().decode_data_elements(graphml_keys, obj_xml)
        if obj_xml.tag.endswith("}edge"):
            self._edges += 1
            data[NUMBER] = self._edges
        return data


def graph_in(path: Path) -> "nx.Graph[Any]":
    """Return the graph of a GraphML file, a multigraph whose edges have a `NUMBER`.

    Errors: StreetsError for a damaged file, or one whose parts have a thousand attributes.
    """
    try:
        graph: nx.Graph[Any] = next(_Reader()(path=_readable(path)))
    except _TooManyError:
        raise StreetsError(
            say(
                "{file}：有的节点或道路的属性超过 {limit} 个，不是路网。"
                "请只保留需要的属性后重新导出。",
                file=path.name, limit=_MOST_ATTRIBUTES,
            )
        ) from None
    except (
        ParseError, nx.NetworkXError, LookupError, ValueError, TypeError, OverflowError,
        AttributeError, RecursionError, StopIteration,
    ):  # what the libraries say of it is English
        raise StreetsError(
            say("{file}：文件已损坏、不完整或不是 GraphML，无法读取。请重新导出。", file=path.name)
        ) from None
    return graph


def _readable(path: Path) -> str | io.BytesIO:
    """Return the file, or its text in UTF-8 where it is in GBK, which the parser does not know."""
    with path.open("rb") as file:
        if not declares_gbk(file.read(512)):
            return str(path)
    text = path.read_text("gb18030", errors="replace")
    return io.BytesIO(text[text.index("?>") + 2:].encode())


def unsaid(graph: "nx.Graph[Any]", name: str) -> list[Finding]:
    """Return findings on what a street file should say and does not: its system, its lengths."""
    findings = []
    if "crs" not in graph.graph:
        message = say("没有说明坐标系（crs），按 WGS84 经纬度处理。")
        remedy = say("请在文件中写明 crs（如 EPSG:4326）。")
        findings.append(Finding("warning", "streets", message, remedy, file=name))
    if graph.number_of_edges() and not any(
        "length" in edge for _, _, edge in graph.edges(data=True)
    ):
        message = say("道路都没有写长度(length)，一律按几何计算。")
        findings.append(Finding("warning", "streets", message, file=name))
    return findings
