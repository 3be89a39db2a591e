"""A theme as a value: its templates' sources, and the Jinja environment made of them.

Responsible for the layers (the digest's own templates above the default theme) and for how they
are rendered. Not responsible for reading files (`effects.theme_files`), for what templates name
(`template_references`) or for what is wrong with them (`template_checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from broadsheet.workers.template_code import FastEnvironment

DEFAULT_PREFIX = "default/"


class TemplateSource(msgspec.Struct, frozen=True):
    """A template's text.

    Attributes:
        path: What messages call it: `templates/paper.html` for a file of the digest's own,
            `default/paper.html` for the default theme's.
        text: The template.
    """

    path: str
    text: str


class Theme(msgspec.Struct, frozen=True):
    """All templates that pages are rendered with.

    Attributes:
        templates: By name. The default theme's stand under their name and under `default/` and
            their name, so that a digest's own `paper.html` can extend `default/paper.html` and
            override one block.
        own: Names of the digest's own templates, in order.
    """

    templates: dict[str, TemplateSource]
    own: tuple[str, ...] = ()


def layer_theme(own: Mapping[str, TemplateSource], default: Mapping[str, TemplateSource]) -> Theme:
    """Put a digest's own templates above the default theme's.

    Args:
        own: Templates of the digest, by name.
        default: Templates of the default theme, by name.
    """
    prefixed = {DEFAULT_PREFIX + name: source for name, source in default.items()}
    return Theme({**default, **prefixed, **own}, tuple(sorted(own)))


def make_environment(theme: Theme) -> FastEnvironment:
    """Return the environment that all pages are rendered in.

    Autoescape is on for every template, whatever its name, but for plain text (`.txt`), in which
    escapes would be read as they stand. An undefined name is an error.
    """
    import jinja2  # a build that has nothing to do reads templates, but renders none

    from broadsheet.workers.citing.filters import FILTERS
    from broadsheet.workers.template_code import FastEnvironment

    environment = FastEnvironment(
        loader=jinja2.FunctionLoader(_make_loader(theme)),
        autoescape=jinja2.select_autoescape(
            enabled_extensions=(), disabled_extensions=("txt",), default=True
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        # It works out constants, of which templates have next to none, and takes long to look.
        optimized=False,
    )
    environment.filters.update(FILTERS)
    return environment


_Loaded = tuple[str, str | None, Callable[[], bool] | None]


def _make_loader(theme: Theme) -> Callable[[str], _Loaded | None]:
    def load(name: str) -> _Loaded | None:
        source = theme.templates.get(name)
        return None if source is None else (source.text, source.path, lambda: True)

    return load


def pack_theme(theme: Theme) -> bytes:
    """Encode a theme, for `environment_of`."""
    return msgspec.msgpack.encode(theme)


@lru_cache(maxsize=2)
def environment_of(packed: bytes) -> FastEnvironment:
    """Return this worker's environment for a theme encoded with MessagePack; it is made once."""
    return make_environment(msgspec.msgpack.decode(packed, type=Theme))
