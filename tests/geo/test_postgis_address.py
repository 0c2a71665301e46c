"""Addresses of databases: taken apart by hand, and never shown with their password."""

import pytest

from geo.databases.address import is_database, read_address, shown_url
from geo.errors import LayerError

SECRETS = (
    "postgresql://reader:Geheim-1@db:5432/care",
    "postgresql://reader:Geheim-1@db:5432/care?table=public.小区",
    "postgres://reader:Geheim-1@db/care",
    "  postgresql://reader:Geheim-1@db/care",
    "postgresql://reader:Geheim-1/x@db/care",
    "postgresql://reader:Geheim-1@x@db/care",
    "postgresql://reader:x?Geheim-1@db/care",
    "postgresql://reader:12?Geheim-1@db/care",
    "postgresql://reader:x#Geheim-1@db/care",
    "postgresql://reader:x%20Geheim-1@db/care",
    "postgresql://reader:x Geheim-1@db/care",
    "postgresql://db/care?user=reader&password=Geheim-1",
    "postgresql://reader@db/care?sslpassword=Geheim-1",
    "postgresql://reader@db/care?Geheim-1",
    "postgresql://reader:Geheim-1@db:port/care",
    "postgresql://reader:Geheim-1@db:5432/care/more",
    "postgresql://reader:Geheim-1@[::1/care",
    "postgresql://reader:Geheim-1",
    "postgresql:///reader:Geheim-1",
)


@pytest.mark.parametrize("url", SECRETS)
def test_the_password_is_shown_nowhere(url: str) -> None:
    said = [shown_url(url)]
    try:
        said.append(repr(read_address(url)))
    except LayerError as error:
        said.append(str(error))
    assert not [text for text in said if "Geheim" in text]


def test_an_address_is_taken_apart() -> None:
    address = read_address("postgresql://li:a%40b%3Ac@db.example:5433/%E5%85%BB?table=p.%E5%B0%8F+1")
    assert dict(address.connection) == {
        "user": "li", "password": "a@b:c", "host": "db.example", "port": "5433", "dbname": "养",
    }
    # A plus sign stands for itself.
    assert (address.table, address.geometry) == ("p.小+1", None)
    assert address.shown == "postgresql://li@db.example:5433/%E5%85%BB?table=p.%E5%B0%8F+1"


def test_a_raw_password_may_hold_at_and_slash() -> None:
    address = read_address("postgresql://li:a@b/c@db/care")
    assert address.connection.get("password", "") == "a@b/c"
    assert address.shown == "postgresql://li@db/care"


def test_a_socket_is_named_behind_the_question_mark() -> None:
    address = read_address("postgresql:///?geometry=geom&host=/run/postgresql")
    assert dict(address.connection) == {"host": "/run/postgresql"}
    assert address.geometry == "geom"


@pytest.mark.parametrize(
    "key", ["options", "password", "passfile", "service", "dbname", "connect_timeout"]
)
def test_settings_that_would_lift_limits_are_not_taken(key: str) -> None:
    with pytest.raises(LayerError, match="只能写 table"):
        read_address(f"postgresql://db/care?{key}=-c%20statement_timeout=0")


def test_line_breaks_in_an_address_are_not_printed() -> None:
    assert "\n" not in shown_url("postgresql://db/care?table=a\nb")


def test_only_an_address_is_a_database() -> None:
    assert is_database("PostgreSQL://db/care")
    assert not is_database("data/postgresql.gpkg")
    assert not is_database("mysql://db/care")
