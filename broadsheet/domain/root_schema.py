"""The settings of files that programs look for at a site's root: security.txt, the web manifest.

Responsible for the fields of `security` and `manifest` in `content/site.yaml`. Not responsible for
what the files say (`planning.plan_root_files`) or for whether icons exist (likewise).
"""

from __future__ import annotations

import re

import yaml

from broadsheet.domain import readers as r
from broadsheet.domain import value_readers as v
from broadsheet.domain.links import safe_url, scheme_of, site_path
from broadsheet.domain.mailboxes import parse_mailbox
from broadsheet.domain.settings import ManifestIcon, ManifestSettings, SecuritySettings
from broadsheet.foundations.codes import Code
from broadsheet.foundations.schema import Field, Reader, Reading, Schema

ICON_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "ico": "image/x-icon",
}
_PHONE = re.compile(r"tel:\+[0-9][0-9-]{2,30}")
_COLOUR = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def parse_contact(text: str) -> str | None:
    """Return where security problems are reported as a URI, or None (RFC 9116, section 2.5.3).

    Args:
        text: An https, mailto or tel address, or an email address alone.
    """
    scheme = scheme_of(text).lower()
    if scheme == "tel":
        return text if _PHONE.fullmatch(text) else None
    if scheme:
        return safe_url(text) if scheme in {"https", "mailto"} else None
    mailbox = parse_mailbox(text)
    return safe_url(f"mailto:{mailbox}") if mailbox is not None else None


def _parse_https(text: str) -> str | None:
    return safe_url(text) if scheme_of(text).lower() == "https" else None


def _parse_icon(text: str) -> str | None:
    path = site_path(text)
    return path if path and path.rpartition(".")[2].lower() in ICON_TYPES else None


SECURITY_SCHEMA = Schema(
    "security",
    (
        Field(
            name="contact",
            reader=r.list_of(
                r.converted(
                    "email, https or tel address",
                    parse_contact,
                    Code.INVALID_ADDRESS,
                    "'{text}' is no address at which problems can be reported",
                    "write security@example.org, https://example.org/report or tel:+1-201-555-0123",
                ),
                least=1,
            ),
            about="Where security problems are reported, the preferred way first.",
            is_required=True,
        ),
        Field(
            name="expires",
            reader=v.DAY,
            about="The day from which the file is not to be relied on; less than a year ahead.",
            is_required=True,
        ),
        Field(
            name="languages",
            reader=r.list_of(v.LANGUAGE),
            about="Languages in which to write; by default the site's.",
        ),
        Field(
            name="policy",
            reader=r.converted(
                "complete https address",
                _parse_https,
                Code.INVALID_URL,
                "'{text}' is not the https address of a page",
                "write an address that begins with https://",
            ),
            about="Page on how problems are handled.",
        ),
    ),
)
SECURITY = r.mapping_of(
    SECURITY_SCHEMA,
    SecuritySettings,
    "mapping with `contact`, `expires`, `languages`, `policy`",
)

ICON_SCHEMA = Schema(
    "icon",
    (
        Field(
            name="src",
            reader=r.converted(
                "path of a picture",
                _parse_icon,
                Code.INVALID_URL,
                "'{text}' is not the path of a picture within the site",
                f"write the path below content/static/, ending in {', '.join(ICON_TYPES)}",
            ),
            about="The picture, as a path below `content/static/`.",
            is_required=True,
        ),
        Field(
            name="size",
            reader=r.whole_number(16, 4_096),
            about="Its width and height in pixels; pictures in SVG need none.",
        ),
        Field(
            name="purpose",
            reader=r.one_of(("any", "maskable", "monochrome")),
            about="What it is for.",
        ),
    ),
)
_ICON = r.mapping_of(ICON_SCHEMA, ManifestIcon, "mappings with `src`, `size`, `purpose`")


def _read_icon(node: yaml.Node, name: str, reading: Reading) -> ManifestIcon | None:
    icon: ManifestIcon | None = _ICON.read(node, name, reading)
    if icon is None or icon.size or icon.src.lower().endswith(".svg"):
        return icon
    hint = "add 'size: …', its width in pixels; browsers ask for 192 and 512"
    reading.refuse(Code.MISSING_FIELD, node, "the icon has no 'size'", hint)
    return None


_COLOUR_READER = r.converted(
    "colour of three or six hexadecimal digits",
    lambda text: f"#{text.removeprefix('#').lower()}" if _COLOUR.fullmatch(text) else None,
    Code.INVALID_CHOICE,
    "'{text}' is not a colour that '{name}' can be",
    "write three or six hexadecimal digits in quotes: '#fcfcfa'",
)
_COLOURS = ("background", "theme")
MANIFEST_SCHEMA = Schema(
    "manifest",
    (
        Field(
            name="short_name",
            reader=r.text_line(30),
            about="What stands below the icon, best at most 12 characters.",
        ),
        Field(name="background", reader=_COLOUR_READER, about="Colour until the page is there."),
        Field(name="theme", reader=_COLOUR_READER, about="Colour of the window's frame."),
        Field(
            name="icons",
            reader=r.list_of(Reader(_ICON.words, _read_icon), least=1),
            about="Its icons; by default the theme's `favicon.svg`.",
        ),
    ),
)
_MANIFEST = r.text_or_mapping(
    r.SWITCH,
    r.mapping_of(
        MANIFEST_SCHEMA,
        ManifestSettings,
        "mapping with `short_name`, `background`, `theme`, `icons`",
    ),
    lambda is_wanted: ManifestSettings() if is_wanted else None,
)


def _read_manifest(node: yaml.Node, name: str, reading: Reading) -> ManifestSettings | None:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        # To YAML, an unquoted #fcfcfa is a comment and the colour is empty.
        is_empty = key.value in _COLOURS and not value.value
        if is_empty and (comment := reading.yaml_text.comment_after(value)):
            message = f"'{key.value}' is empty: YAML reads a comment behind it"
            reading.refuse(Code.YAML_COMMENT, comment, message, "put the colour in quotes")
    manifest: ManifestSettings | None = _MANIFEST.read(node, name, reading)
    return manifest


MANIFEST = Reader(_MANIFEST.words, _read_manifest)
