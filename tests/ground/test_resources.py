"""The shipped folders are found; the wheel's are tried by installing it (.ci/run)."""

from __future__ import annotations

import pytest

from checker.resources import folder


@pytest.mark.parametrize("name", ["rules", "schemas", "reports", "examples"])
def test_a_shipped_folder_is_there(name: str) -> None:
    assert any(folder(name).iterdir())
