"""To which database the password of the variable goes: IPv6 in brackets, never in the clear."""

import pytest

from geo.databases.address import read_address
from geo.databases.password import place_of, with_password
from geo.errors import LayerError

SECRET = "s3cret"  # noqa: S105 - of a test


def offered(monkeypatch: pytest.MonkeyPatch, url: str, bound: str) -> bool:
    monkeypatch.setenv("CARECIRCLE_DB_PASSWORD", SECRET)
    monkeypatch.setenv("CARECIRCLE_DB_HOST", bound)
    return with_password(read_address(url).connection).get("password") == SECRET


@pytest.mark.parametrize(
    ("url", "bound", "expected"),
    [
        ("postgresql://u@[::1]:5432/d", "[::1]:5432", True),
        ("postgresql://u@[::1]/d", "[::1]:5432", True),
        ("postgresql://u@[::1]:6000/d", "[::1]:5432", False),
        ("postgresql://u@[::1]:6000/d", "[::1]", True),
        ("postgresql://u@[::1]:6000/d", "::1", True),
        ("postgresql://u@[FD00::2]/d", "[fd00::2]", True),
        ("postgresql://u@[fd00::3]/d", "[fd00::2]", False),
        # ::1:5432 is an address of its own, not ::1 and a port.
        ("postgresql://u@[::1]:5432/d", "::1:5432", False),
        ("postgresql://u@[::1:5432]/d", "::1:5432", True),
    ],
)
def test_an_ipv6_host_is_named_as_in_an_address(
    monkeypatch: pytest.MonkeyPatch, url: str, bound: str, expected: bool  # noqa: FBT001 - a column of a table
) -> None:
    assert offered(monkeypatch, url, bound) is expected


def test_the_place_of_an_ipv6_host_is_told_with_brackets() -> None:
    assert place_of(read_address("postgresql://u@[::1]/d").connection) == "[::1]:5432"
    assert place_of(read_address("postgresql://u@db:6000/d").connection) == "db:6000"


@pytest.mark.parametrize("mode", ["disable", "allow"])
def test_the_variable_goes_nowhere_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    with pytest.raises(LayerError, match=rf"^good:5432：sslmode={mode} 不加密") as refused:
        offered(monkeypatch, f"postgresql://u@good/d?sslmode={mode}", "good")
    assert SECRET not in str(refused.value)
    for elsewhere in ("10.0.0.8", "[fd00::2]", "localhost.evil.cn"):
        with pytest.raises(LayerError, match="不加密"):
            offered(monkeypatch, f"postgresql://u@{elsewhere}/d?sslmode={mode}", elsewhere)


@pytest.mark.parametrize("here", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_computer_a_line_may_be_open(monkeypatch: pytest.MonkeyPatch, here: str) -> None:
    assert offered(monkeypatch, f"postgresql://u@{here}/d?sslmode=disable", here)
    assert offered(monkeypatch, "postgresql://u@/d?host=/run/pg&sslmode=disable", "/run/pg")


def test_without_the_variable_an_open_line_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Another host is bound, or the password stands in the address itself.
    assert not offered(monkeypatch, "postgresql://u@good/d?sslmode=disable", "other")
    own = read_address("postgresql://u:own@good/d?sslmode=disable").connection
    monkeypatch.setenv("CARECIRCLE_DB_HOST", "good")
    assert with_password(own)["password"] == "own"  # noqa: S105 - of a test
    assert offered(monkeypatch, "postgresql://u@good/d?sslmode=require", "good")
