"""The report on all data of a study, or on several files, before any result."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.described_layers import read_what_can_be
from analysis.description import StreetsSource, StudyDescription, read_description
from analysis.filled_cells import FilledCell, read_filled
from analysis.filling import with_filled
from analysis.placing.streets_of_files import with_streets_of_files
from analysis.provision.need import eligible_categories
from analysis.rulebook import Rulebook
from analysis.study import EXPECTED_LAYERS, Study, study_crs
from geo.databases.address import is_database, shown_url
from geo.errors import PlanningError
from geo.findings import Finding
from geo.ingest import one_door, read_layer, read_streets
from geo.language import Message, say
from geo.layers import Layer
from geo.streets import WalkNetwork
from report.data.effects import Counting
from report.data.layer_report import (
    LayerReport,
    refused_layer,
    report_on_layer,
    report_on_streets,
    with_streets,
    with_unread,
)
from report.data.noticed import Noticed, sort_others
from report.data.settled import settled_layers
from report.data.undecided import CHECKED, standing_estates

Tell = Callable[[Message, float], None]
Why = tuple[Message, ...]
STREETS: Final = "streets"
WHOLE: Final = "study"
_SAME_IDS = say(
    "{count} 个编号在几个文件里都有（如“{first}”：{files}），合成一本前请改成不重复的。"
)
_SAME_NAMES = say("{count} 个名称在几个文件里都有（如“{first}”：{files}），请核对是否重复登记。")


@dataclass(frozen=True, eq=False)
class DataReport:
    """What is to be said of the data, layer by layer.

    others
        What was noticed of the study as a whole, such as a layer that it does not have.
    """

    title: str
    layers: tuple[LayerReport, ...]
    others: tuple[Noticed, ...] = ()

    @property
    def lines(self) -> tuple[LayerReport, ...]:
        """Return the layers, then what was noticed of the study as a whole, if anything was."""
        whole = LayerReport(WHOLE, "", noticed=self.others)
        return (*self.layers, whole) if self.others else self.layers

    @property
    def rows(self) -> int:
        """Return how many rows were kept in all."""
        return sum(layer.rows for layer in self.layers)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, layer by layer."""
        whole = tuple(each.finding for each in self.others)
        return (*(f for layer in self.layers for f in layer.findings), *whole)

    @property
    def errors(self) -> int:
        """Return how many errors there are; a refusal is one a line."""
        whole = sum(each.finding.severity == "error" for each in self.others)
        return sum(layer.errors for layer in self.layers) + whole

    @property
    def refused(self) -> tuple[Message, ...]:
        """Return why layers or files of them could not be read."""
        return tuple(message for layer in self.layers for message in layer.refusals)

    @property
    def all_refused(self) -> bool:
        """Return whether nothing could be read, so that there is nothing to tell."""
        return all(layer.refused for layer in self.layers)


def report_on_study_file(
    path: Path, *, tell: Tell | None = None, filled: Iterable[FilledCell] | None = None
) -> DataReport:
    """Return the report on every file that a study names; one that is refused stops no other.

    filled
        Cells that streets filled in; by default those kept beside the study.

    Errors: StudyError for the study file itself.
    """
    tell = tell or (lambda _what, _part: None)
    description = read_description(path)
    folder, counting = path.resolve().parent, counting_of(description, path.parent)
    read, refused, unread = _read_all(description, folder, tell)
    answered = read_filled(path) if filled is None else filled
    # Whom a cell of a file that could not be read belongs to is not known now, nor doubted.
    known = [cell for cell in answered if cell.file not in unread.get(cell.layer, {})]
    read = with_filled(read, known)
    tell(say("读取道路"), len(description.layers) / (len(description.layers) + 1))
    streets, network = _of_streets(folder, description.streets)
    written = with_streets_of_files(read)
    settled = settled_layers(written, description, path, network=network, refused=refused)
    frames = {name: layer.frame for name, layer in settled.layers.items()}
    crs = study_crs(description, frames) if network is None else network.crs
    if crs is not None:
        metric = {name: frame.to_crs(crs) for name, frame in frames.items() if name in CHECKED}
        counting = counting_with(counting, metric, description, path.parent)
    reports = [
        with_unread(
            report_on_layer(
                settled.layers[name], name, file=source.shown(), counting=counting,
                ledger=read[name].frame,
            )
            if name in read
            else refused_layer(name, source.shown(), refused[name]),
            unread.get(name, {}),
        )
        for name, source in description.layers.items()
    ]
    absent = [_absent(name) for name in EXPECTED_LAYERS if name not in description.layers]
    others = sort_others([*absent, *settled.others])
    return DataReport(description.title, _by_street([*reports, streets]), others)


def report_on_study(study: Study) -> DataReport:
    """Return the report on a study that was read: its layers and what was noticed with them."""
    counting = counting_with(
        counting_of(study.description, study.path.parent), study.layers, study.description,
        study.path.parent,
    )  # fmt: skip
    told = {name: [f for f in study.findings if f.layer == name] for name in study.layers}
    reports = [
        report_on_layer(
            Layer(
                frame, tuple(told[name]), headers=study.headers.get(name, {}),
                coordinates=study.coordinates.get(name, ""), files=study.files.get(name, ()),
            ),
            name,
            file=_file_of(study.description, name),
            counting=counting,
        )
        for name, frame in study.layers.items()
    ]
    of_streets = tuple(f for f in study.findings if f.layer == STREETS)
    streets = report_on_streets(study.description.streets.path, len(study.network), of_streets)
    named = {*study.layers, STREETS}
    others = sort_others(f for f in study.findings if f.layer not in named)
    return DataReport(study.title, _by_street([*reports, streets]), others)


def counting_of(description: StudyDescription, folder: Path) -> Counting:
    """Return what a study counts, by its own words and its rules; the usual without readable ones.

    Which rules are wrong is told where the study is evaluated, not where its data are looked at.
    """
    settled = description.assume.model_dump(exclude_none=True)
    try:
        rulebook = Rulebook.load(description.rules, folder=folder)
    except PlanningError:
        eligible = Counting().eligible
    else:
        eligible = eligible_categories(rulebook, on=description.on)
    return Counting(eligible, frozenset(settled), "boundaries" in description.layers)


def counting_with(
    counting: Counting,
    layers: Mapping[str, gpd.GeoDataFrame],
    description: StudyDescription,
    folder: Path,
) -> Counting:
    """Return what a study counts, with how its estates stand; without, where that cannot be told.

    layers
        In one metric CRS.
    """
    try:
        rulebook = Rulebook.load(description.rules, folder=folder)
        standing = standing_estates(layers, description, rulebook)
    except PlanningError:
        return counting
    return replace(counting, standing=standing)


def gathered(title: str, reports: Iterable[LayerReport]) -> DataReport:
    """Return reports on several files of one layer as one, with what stands in more than one."""
    layers = tuple(reports)
    return DataReport(title, layers, sort_others(_in_several(layers)))


def _in_several(layers: Sequence[LayerReport]) -> Iterator[Finding]:
    """Yield a warning for ids, and for names, that more than one file has."""
    for column, message in (("id", _SAME_IDS), ("name", _SAME_NAMES)):
        columns = [
            # Ids that were made say nothing of the rows.
            pd.Series(layer.file, index=layer.frame[column].dropna().unique())
            for layer in layers
            if layer.frame is not None
            and any(use.name == column and use.header for use in layer.columns)
        ]
        if not columns:
            continue
        files = pd.concat(columns)
        several = files[files.index.duplicated(keep=False)]
        if several.empty:
            continue
        first = several.index[0]
        values = {"count": several.index.nunique(), "first": first,
                  "files": "、".join(several[[first]])}  # fmt: skip
        yield Finding("warning", layers[0].layer, replace(message, values=values))


def _by_street(reports: Sequence[LayerReport]) -> tuple[LayerReport, ...]:
    """Return the reports with the street of every missing cell."""
    frames = [report.frame for report in reports if report.layer == "boundaries"]
    areas = next((frame for frame in frames if frame is not None), None)
    return tuple(with_streets(report, areas) for report in reports)


def _read_all(
    description: StudyDescription, folder: Path, tell: Tell
) -> tuple[dict[str, Layer], dict[str, Why], dict[str, Mapping[str, Why]]]:
    """Return the layers of a study that can be read, why the others and some files cannot.

    Of a layer out of several files those that can be read are the layer.
    """
    read: dict[str, Layer] = {}
    refused: dict[str, Why] = {}
    unread: dict[str, Mapping[str, Why]] = {}
    with one_door():
        for done, (name, source) in enumerate(description.layers.items()):
            tell(say("读取图层 {name}", name=name), done / (len(description.layers) + 1))
            try:
                layer, unread[name] = read_what_can_be(source, folder, name)
            except PlanningError as error:
                refused[name] = error.messages
                continue
            if layer is None:
                refused[name] = tuple(each for why in unread[name].values() for each in why)
            else:
                read[name] = layer
    return read, refused, unread


def report_on_file(
    path: Path | str,
    name: str,
    *,
    sheet: str | None = None,
    coordinates: str | None = None,
    columns: Mapping[str, str] | None = None,
    counting: Counting | None = None,
) -> LayerReport:
    """Return the report on one file as a layer; a refusal is part of it.

    name
        Key of `schema.SCHEMAS`; `streets` is read as streets.
    """
    if name == STREETS:
        source = StreetsSource(path=str(path), layer=sheet, coordinates=coordinates)
        return _of_streets(Path(), source)[0]
    shown = shown_url(path) if is_database(path) else str(path)
    try:
        layer = read_layer(path, name, sheet=sheet, coordinates=coordinates, columns=columns)
    except PlanningError as error:
        return refused_layer(name, shown, error.messages)
    return report_on_layer(layer, name, file=shown, counting=counting)


def _of_streets(
    folder: Path, source: StreetsSource
) -> tuple[LayerReport, WalkNetwork | None]:
    """Return the report on streets, and the streets where they could be read."""
    try:
        network, findings = read_streets(
            folder / source.path,
            layer=source.layer,
            coordinates=source.coordinates,
            connect_m=source.connect_m,
            cross=source.cross,
        )
    except PlanningError as error:
        return refused_layer(STREETS, source.path, error.messages), None
    return report_on_streets(source.path, len(network), tuple(findings)), network


def _absent(name: str) -> Finding:
    message = say("研究中没有图层 {name}，相关结果不计算。", name=name)
    return Finding("warning", name, message, say("如有数据，请在 [layers] 中写明。"))


def _file_of(description: StudyDescription, name: str) -> str:
    source = description.layers.get(name)
    return "" if source is None else source.shown()
