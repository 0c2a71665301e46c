"""A style in the two languages that map programs read: QML for QGIS, SLD for the others."""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from report.exchange.styles import Class, Look, Style

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_QGIS: Final = "3.28.0"
_SLD: Final = {
    "version": "1.0.0",
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:ogc": "http://www.opengis.net/ogc",
}
_SLD_SIGNS: Final = {"diamond": "square", "cross_fill": "cross"}
_PIXELS_PER_MM: Final = 1 / 0.28  # as the standard has it


def qml(style: Style, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Return a style for QGIS.

    names
        What each field is called in the file, by key.
    titles
        What it is called before people, by key.
    """
    root = ET.Element("qgis", {
        "version": _QGIS, "styleCategories": "Symbology|Labeling|Fields",
        "labelsEnabled": "1" if style.label else "0",
    })  # fmt: skip
    root.append(_renderer(style, names))
    if style.label:
        root.append(_labels(names[style.label]))
    aliases = ET.SubElement(root, "aliases")
    for at, (key, name) in enumerate(names.items()):
        ET.SubElement(aliases, "alias", {"index": str(at), "field": name, "name": titles[key]})
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _renderer(style: Style, names: Mapping[str, str]) -> ET.Element:
    """Return one symbol, a category a value, or a rule a range: what is unknown is drawn too."""
    common = {"enableorderby": "0", "forceraster": "0", "symbollevels": "0", "referencescale": "-1"}
    ranged = any(each.up_to is not None for each in style.classes)
    kind = "RuleRenderer" if ranged else "categorizedSymbol"
    root = ET.Element("renderer-v2", {"type": kind if style.field else "singleSymbol", **common})
    if ranged:
        rules = ET.SubElement(root, "rules", {"key": "{all}"})
        for at, each in enumerate(style.classes):
            ET.SubElement(rules, "rule", {
                "key": f"{{class-{at}}}", "symbol": str(at), "label": each.label,
                "filter": _expression(each, names[style.field]),
            })  # fmt: skip
    elif style.field:
        root.set("attr", names[style.field])
        categories = ET.SubElement(root, "categories")
        for at, each in enumerate(style.classes):
            number = isinstance(each.value, float)
            ET.SubElement(categories, "category", {
                "render": "true", "symbol": str(at), "label": each.label,
                "value": f"{each.value:g}" if number else str(each.value or ""),
                "type": "double" if number else "string",
            })  # fmt: skip
    symbols = ET.SubElement(root, "symbols")
    for at, each in enumerate(style.classes):
        symbols.append(_symbol(str(at), each.look))
    return root


def _expression(each: Class, name: str) -> str:
    if each.up_to is None:
        return f'"{name}" IS NULL'
    sign = ">=" if each.lowest else ">"
    return f'"{name}" {sign} {each.above:g} AND "{name}" <= {each.up_to:g}'


def _symbol(name: str, look: Look) -> ET.Element:
    symbol = ET.Element("symbol", {
        "name": name, "type": "marker" if look.sign else "fill", "alpha": f"{look.opacity:g}",
        "clip_to_extent": "1", "force_rhr": "0",
    })  # fmt: skip
    layer = ET.SubElement(symbol, "layer", {
        "class": "SimpleMarker" if look.sign else "SimpleFill", "pass": "0", "locked": "0",
        "enabled": "1",
    })  # fmt: skip
    said = {
        "color": _rgba(look.fill), "outline_color": _rgba(look.line), "outline_style": "solid",
        "outline_width": f"{look.line_mm:g}", "outline_width_unit": "MM",
    }  # fmt: skip
    said |= (
        {"name": look.sign, "size": f"{look.size:g}", "size_unit": "MM"}
        if look.sign else {"style": "solid"}
    )  # fmt: skip
    options = ET.SubElement(layer, "Option", {"type": "Map"})
    for key, value in said.items():
        ET.SubElement(options, "Option", {"name": key, "type": "QString", "value": value})
    return symbol


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _labels(name: str) -> ET.Element:
    root = ET.Element("labeling", {"type": "simple"})
    settings = ET.SubElement(root, "settings", {"calloutType": "simple"})
    text = ET.SubElement(settings, "text-style", {
        "fieldName": name, "isExpression": "0", "fontSize": "9", "fontSizeUnit": "Point",
        "textColor": "34,34,34,255", "textOpacity": "1",
    })  # fmt: skip
    ET.SubElement(text, "text-buffer", {
        "bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM",
        "bufferColor": "255,255,255,255", "bufferOpacity": "1",
    })  # fmt: skip
    ET.SubElement(settings, "rendering", {"drawLabels": "1", "obstacle": "1"})
    return root


def sld(style: Style, names: Mapping[str, str], title: str) -> str:
    """Return a style for programs that read Styled Layer Descriptors."""
    root = ET.Element("StyledLayerDescriptor", _SLD)
    layer = ET.SubElement(root, "NamedLayer")
    ET.SubElement(layer, "Name").text = title
    user = ET.SubElement(layer, "UserStyle")
    kinds = ET.SubElement(user, "FeatureTypeStyle")
    for each in style.classes:
        rule = ET.SubElement(kinds, "Rule")
        ET.SubElement(rule, "Title").text = each.label
        if style.field:
            _condition(ET.SubElement(rule, "ogc:Filter"), each, names[style.field])
        _drawn(rule, each.look)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _condition(within: ET.Element, each: Class, name: str) -> None:
    """Write what a class holds: nothing said, a value, or a range."""
    if each.up_to is not None:
        both = ET.SubElement(within, "ogc:And")
        lower = "GreaterThanOrEqualTo" if each.lowest else "GreaterThan"
        _compared(both, f"ogc:PropertyIs{lower}", name, f"{each.above:g}")
        _compared(both, "ogc:PropertyIsLessThanOrEqualTo", name, f"{each.up_to:g}")
    elif each.value is None:
        null = ET.SubElement(within, "ogc:PropertyIsNull")
        ET.SubElement(null, "ogc:PropertyName").text = name
    else:
        value = f"{each.value:g}" if isinstance(each.value, float) else each.value
        _compared(within, "ogc:PropertyIsEqualTo", name, value)


def _compared(within: ET.Element, how: str, name: str, value: str) -> None:
    compared = ET.SubElement(within, how)
    ET.SubElement(compared, "ogc:PropertyName").text = name
    ET.SubElement(compared, "ogc:Literal").text = value


def _drawn(rule: ET.Element, look: Look) -> None:
    if look.sign:
        graphic = ET.SubElement(ET.SubElement(rule, "PointSymbolizer"), "Graphic")
        shape = ET.SubElement(graphic, "Mark")
        sign = _SLD_SIGNS.get(look.sign, look.sign)
        ET.SubElement(shape, "WellKnownName").text = sign
        ET.SubElement(graphic, "Size").text = f"{look.size * _PIXELS_PER_MM:.1f}"
    else:
        shape = ET.SubElement(rule, "PolygonSymbolizer")
    fill, line = ET.SubElement(shape, "Fill"), ET.SubElement(shape, "Stroke")
    for within, key, value in (
        (fill, "fill", look.fill), (fill, "fill-opacity", f"{look.opacity:g}"),
        (line, "stroke", look.line),
        (line, "stroke-width", f"{look.line_mm * _PIXELS_PER_MM:.2f}"),
    ):  # fmt: skip
        ET.SubElement(within, "CssParameter", {"name": key}).text = value
