"""The study file: what it may say, checked, with a clear line for whatever it may not."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
)
from pydantic_core import PydanticCustomError

from analysis.toml_text import NotToml, read_toml_text
from analysis.wanted import wanted
from geo.databases.address import is_database, shown_url
from geo.errors import PlanningError, StudyError
from geo.files.patterns import files_meant
from geo.language import Message, say, spoken
from geo.reasons import why
from geo.schema import SCHEMAS
from geo.vocabulary import CATEGORIES


class Described(BaseModel):
    """Part of a study file: nothing unknown is passed over, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _word_of(words: Mapping[str, tuple[str, ...]]) -> AfterValidator:
    """Return a check that takes a code or any of its Chinese words, and gives the code."""
    code_of = {word: code for code, spelled in words.items() for word in (code, *spelled)}

    def check(word: str) -> str:
        if word not in code_of:
            known = ", ".join(f"{code} {spelled[0]}" for code, spelled in words.items())
            raise PydanticCustomError("word", "{known}", {"known": known})  # noqa: EM101
        return code_of[word]

    return AfterValidator(check)


_ESTATE = SCHEMAS["residential"]
Category = Annotated[str, _word_of(CATEGORIES)]
AreaBasis = Annotated[str, _word_of(_ESTATE.column("care_area_basis").words)]
CareStatus = Annotated[str, _word_of(_ESTATE.column("care_status").words)]


# Known by their columns, but named elsewhere in a study file.
_NO_LAYERS = ("streets", "places")


class LayerSource(Described):
    """Where a layer stands and how it is to be read.

    path
        A file, a folder with one data set, a pattern (`街道/*.xlsx`) whose files are one layer
        together, or the address of a database's table.
    places, places_layer, places_coordinates
        A table of addresses with coordinates for rows that have none, its sheet, and the system
        of its coordinates (WGS84 unless it says otherwise).
    """

    path: str
    layer: str | None = None
    coordinates: str | None = None
    places: str | None = None
    places_layer: str | None = None
    places_coordinates: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    source: str = ""
    licence: str = ""
    date: dt.date | None = None

    @field_serializer("path")
    def _without_password(self, path: str) -> str:
        return shown_url(path) if is_database(path) else path

    def shown(self) -> str:
        """Return the path as it may be printed: an address of a database without its password."""
        return self._without_password(self.path)

    def files(self, folder: Path) -> list[Path]:
        """Return the files of the study's folder that are meant; none for a database's table.

        Errors: LayerError for a pattern that no file fits.
        """
        return [] if is_database(self.path) else files_meant(folder, self.path)


class StreetsSource(Described):
    """Where the streets stand and how lines join."""

    path: str
    layer: str | None = None
    coordinates: str | None = None
    cross: bool = False
    connect_m: float = Field(default=0.05, ge=0, le=50)
    source: str = ""
    licence: str = ""
    date: dt.date | None = None


class Walking(Described):
    """How old people walk, and what counts as reached.

    speed_m_per_s, limit_min, horizon_min
        Walking speed, the limit of the circle, and how long walks are told at all.
    snap_max_m
        Metres off the street beyond which a place is unreachable.
    component_min_m
        Pieces of street shorter than this are not stepped onto.
    categories
        Facility categories that count for the circle.
    """

    speed_m_per_s: float = Field(default=0.9, gt=0.1, le=3)
    limit_min: float = Field(default=15.0, gt=0, le=60)
    horizon_min: float = Field(default=60.0, gt=0, le=180)
    snap_max_m: float = Field(default=200.0, ge=0, le=5000)
    component_min_m: float = Field(default=2000.0, ge=0)
    categories: tuple[Category, ...] = (
        "community_station", "day_care", "embedded", "street_centre",
    )  # fmt: skip
    through_estates: bool = False


class People(Described):
    """How people are spread; `household_size` None takes the rule pack's."""

    household_size: float | None = Field(default=None, gt=0, le=10)
    control: bool = False


class Assume(Described):
    """What a whole missing column is taken to be; rows so settled are counted apart."""

    care_area_basis: AreaBasis | None = None
    care_status: CareStatus | None = None


class ProvisionSettings(Described):
    """Judgements that no text decides, with their usual values; each is printed as a parameter.

    household_step
        Households are rounded up to whole steps of so many (100: 99 households owe 20 m²);
        0 prorates, as the texts do.
    exempt_below
        Estates with fewer households owe nothing; 0 exempts nobody.
    main_room_share
        Where care floor area is spread over rooms, the part of the need that the largest must hold
        not to be called scattered.
    serves_within_m
        A facility farther than this from an estate it says it serves is doubted.
    late_days
        Days by which acceptance and handover may follow those of the homes.
    silent_months
        A new project that says nothing of completion is taken to stand, unless its permit, land
        grant or planning conditions are younger than this.
    """

    household_step: int = Field(default=0, ge=0, le=1000)
    exempt_below: int = Field(default=0, ge=0)
    main_room_share: float = Field(default=0.5, ge=0, le=1)
    serves_within_m: float = Field(default=2000.0, gt=0)
    late_days: int = Field(default=0, ge=0)
    silent_months: int = Field(default=24, ge=0, le=600)


class Nearby(Described):
    """How near is 毗邻 and 邻近, in straight metres; no text gives a number."""

    next_door_m: float = Field(default=100.0, gt=0)
    near_m: float = Field(default=300.0, gt=0)
    together_m: float = Field(default=50.0, gt=0)


class Forecast(Described):
    """How people are carried forward; without `ages` nothing is forecast.

    ages
        A CSV of people by county, sex and five-year age band, beside the study file.
    years
        For which years.
    migration
        Factor on every cohort over five years; 1 takes nobody in or out.
    """

    ages: str | None = None
    years: tuple[int, ...] = (2025, 2029, 2030, 2035)
    migration: float = Field(default=1.0, gt=0.5, lt=2)


class Pool(Described):
    """Neighbouring estates whose shared facilities were confirmed by a document."""

    name: str
    estates: tuple[str, ...]
    facilities: tuple[str, ...]
    document: str = ""
    date: dt.date | None = None


class IndicatorValue(Described):
    """A figure entered by hand, with where it comes from."""

    value: float
    unit: str = ""
    source: str = ""
    date: dt.date | None = None


class StudyDescription(Described):
    """The study file, checked.

    covers
        How much of its counties and its city the study takes in: of a part nothing is proved that
        is asked of the whole.
    """

    title: str
    on: dt.date
    rules: tuple[str, ...] = ("chifeng",)
    crs: str | None = None
    notice: str = ""
    covers: Literal["part", "counties", "city"] = "part"
    walking: Walking = Walking()
    people: People = People()
    assume: Assume = Assume()
    layers: dict[str, LayerSource] = Field(default_factory=dict)
    streets: StreetsSource
    pools: tuple[Pool, ...] = ()
    provision: ProvisionSettings = ProvisionSettings()
    nearby: Nearby = Nearby()
    forecast: Forecast = Forecast()
    indicators: dict[str, IndicatorValue] = Field(default_factory=dict)
    english: dict[str, str] = Field(default_factory=dict)

    def said(self, text: str) -> str:
        """Return a text of the study (title, notice, source, licence) in the language now spoken.

        Where `[english]` does not give it in English it stays as it is written.
        """
        return self.english.get(text, text) if spoken() == "en" else text


def read_description(path: Path) -> StudyDescription:
    """Return the checked study file. Errors: StudyError naming the file, the key and the value."""
    try:
        raw = read_toml_text(path)
    except FileNotFoundError:
        raise StudyError(say("{file}：找不到研究文件。请检查路径。", file=str(path))) from None
    except (OSError, NotToml) as error:
        raise StudyError(
            say(
                "{file}：研究文件无法读取（{reason}）。请按 TOML 格式改正，编码用 UTF-8。",
                file=path.name,
                reason=error.reason if isinstance(error, NotToml) else why(error),
            )
        ) from None
    with checked(path):
        description = StudyDescription.model_validate(raw)
    layers = [name for name in SCHEMAS if name not in _NO_LAYERS]
    unknown = [name for name in description.layers if name not in layers]
    if unknown:
        known = "、".join(layers)
        raise StudyError(
            *(
                say(
                    "{file}：[layers] 中的“{name}”不是已知图层。可用：{known}。",
                    file=path.name,
                    name=name,
                    known=known,
                )
                for name in unknown
            )
        )
    return description


@contextmanager
def checked(
    path: Path,
    *within: str,
    error: type[PlanningError] = StudyError,
    rather: Callable[[Mapping[str, Any]], Message | None] = lambda _: None,
) -> Iterator[None]:
    """Turn the complaints about a described value into one clear line each.

    within
        Where in the file the value stands.
    rather
        Gives a clearer line for a complaint of pydantic's, or None.
    """
    try:
        yield
    except ValidationError as complaint:
        problems: list[Any] = complaint.errors()
        lines = [rather(problem) or _complaint(path, within, problem) for problem in problems]
        raise error(*lines) from None


def _complaint(path: Path, within: tuple[str, ...], problem: Mapping[str, Any]) -> Message:
    key = ".".join(str(part) for part in (*within, *problem["loc"]))
    if problem["type"] == "missing":
        return say("{file}：缺少“{key}”。请补上。", file=path.name, key=key)
    if problem["type"] == "extra_forbidden":
        return say("{file}：不认识“{key}”。请检查拼写或删除。", file=path.name, key=key)
    return say(
        "{file}：“{key}”的值“{value}”不合要求（{reason}）。请改正。",
        file=path.name,
        key=key,
        value=_short(problem["input"]),
        reason=wanted(problem),
    )


def _short(value: Any, longest: int = 60) -> str:  # noqa: ANN401 - whatever stood in the file
    text = str(value)
    return text if len(text) <= longest else text[:longest] + "…"
