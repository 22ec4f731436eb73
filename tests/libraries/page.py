"""docs/LIBRARIES.md as a program: the tests run the code that the page shows, and nothing that it does not."""

import os
import re
import sys
import types
from pathlib import Path
from unittest import mock

PAGE = Path(__file__).parents[2] / "docs/LIBRARIES.md"
#: The names by which the blocks import each other.
SETTINGS, KEYS, TOKENS = "settings", "keys", "tokens"


def blocks():
    """The page's blocks of Python by the file name in their first line, with their place on the page."""
    text = PAGE.read_text()
    for found in re.finditer(r"^```python\n# (\S+)\.py\n.*?^```$", text, re.MULTILINE | re.DOTALL):
        code = found[0].removeprefix("```python").removesuffix("```")
        yield found[1], "\n" * text.count("\n", 0, found.start()) + code


CODE = dict(blocks())


def module(block, name=None):
    made = sys.modules[name or block] = types.ModuleType(name or block)
    exec(compile(CODE[block], PAGE, "exec"), vars(made))
    return made


def app(service, tokens, environment):
    """The app of the block `service` with the block `tokens` beside it, as if started in this environment."""
    # fastapi-jwt-auth keeps its settings in a class: each app gets a class of its own.
    for name in ["fastapi_jwt_auth", "fastapi_jwt_auth.auth_jwt", "fastapi_jwt_auth.auth_config"]:
        sys.modules.pop(name, None)
    with mock.patch.dict(os.environ, environment):
        for block, name in [(SETTINGS, SETTINGS), (KEYS, KEYS), (tokens, TOKENS)]:
            module(block, name)
        return module(service).app
