"""The reference says what the program does: fields, codes and messages are compared with it.

With `--update-golden` the tables of `docs/records.md` and the examples of `docs/diagnostics.md` are
written anew between their marks; the words around them are written by hand.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from builds import ROOT, build, publish
from scenarios import SITE_YAML, check, write_digest

from broadsheet.domain import newsletter_schema, root_schema, schemas, site_schema
from broadsheet.domain.settings import MailSettings, ManifestSettings, Newsletter, Settings
from broadsheet.effects.comparing import compare_sites
from broadsheet.effects.deployed import read_built_site
from broadsheet.effects.manifest import Manifest, read_manifest
from broadsheet.effects.new_files import write_new_files
from broadsheet.effects.site_links import list_files
from broadsheet.effects.theme_proof import find_theme_faults
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.reporting import format_text
from broadsheet.foundations.schema import Field, Schema
from broadsheet.planning.guards import DEFAULT_PERCENT, Deployed, explain_trip, find_trips
from broadsheet.planning.host_limits import find_refusals
from broadsheet.planning.hosts import HOSTS
from broadsheet.planning.permalinks import find_unrecorded, list_permalinks, report_unrecorded
from broadsheet.workers import drawing

RECORDS = ROOT / "docs" / "records.md"
DIAGNOSTICS = ROOT / "docs" / "diagnostics.md"

SCHEMAS = {
    "paper": schemas.PAPER_SCHEMA,
    "author": schemas.AUTHOR_SCHEMA,
    "venue": schemas.VENUE_SCHEMA,
    "topic": schemas.TOPIC_SCHEMA,
    "digest": schemas.DIGEST_SCHEMA,
    "page": schemas.PAGE_SCHEMA,
    "person": schemas.PERSON_SCHEMA,
    "site": site_schema.SITE_SCHEMA,
    "page_sizes": site_schema.SIZES_SCHEMA,
    "feed": site_schema.FEED_SCHEMA,
    "authors": site_schema.AUTHORS_SCHEMA,
    "navigation": site_schema.NAVIGATION_SCHEMA,
    "newsletter": newsletter_schema.NEWSLETTER_SCHEMA,
    "mail": newsletter_schema.MAIL_SCHEMA,
    "security": root_schema.SECURITY_SCHEMA,
    "manifest": root_schema.MANIFEST_SCHEMA,
    "icon": root_schema.ICON_SCHEMA,
}
DEFAULTS = {
    "site": Settings(),
    "page_sizes": Settings().page_sizes,
    "feed": Settings().feed,
    "authors": Settings().authors,
    "newsletter": Newsletter(),
    "mail": MailSettings(sender=""),
    "manifest": ManifestSettings(),
}

GOOD = "---\ntitle: A paper\n---\n"
ONE = {"content/papers/a.md": GOOD}
TOPIC = "---\nname: Agents\n---\n"
DAY = "---\ntitle: A paper\nfeatured: {}\n---\n"

# For each code, a small digest that has this one problem; texts are whole files.
EXAMPLES: dict[Code, dict[str, str | bytes]] = {
    Code.ENCODING: {"content/papers/a.md": b"---\ntitle: Caf\xe9 au lait\n---\n"},
    Code.CONTROL_CHARACTER: {"content/papers/a.md": "---\ntitle: A\x07 paper\n---\n"},
    Code.FRONT_MATTER_MISSING: {"content/papers/a.md": "# A paper\n"},
    Code.FRONT_MATTER_UNCLOSED: {"content/papers/a.md": "---\ntitle: A paper\n\nOur note.\n"},
    Code.FRONT_MATTER_TOO_LONG: {
        "content/papers/a.md": f"---\ntitle: A paper\nabstract: |\n  {'word ' * 15_000}\n---\n"
    },
    Code.FILE_TOO_LONG: {"content/papers/a.md": GOOD + "word " * 400_001},
    Code.UNEXPECTED_FILE: {"content/papers/notes.txt": "x"},
    Code.UNREADABLE_FILE: {},
    Code.YAML_SYNTAX: {"content/papers/a.md": "---\ntitle: MathScale: Scaling Tuning\n---\n"},
    Code.YAML_ANCHOR: {"content/papers/a.md": "---\ntitle: &-automata for all\n---\n"},
    Code.YAML_TAG: {"content/papers/a.md": "---\ntitle: !important results\n---\n"},
    Code.YAML_MERGE_KEY: {"content/papers/a.md": "---\ntitle: A paper\n<<: {votes: 3}\n---\n"},
    Code.YAML_DUPLICATE_KEY: {"content/papers/a.md": "---\ntitle: One\ntitle: Two\n---\n"},
    Code.YAML_TOO_DEEP: {
        "content/papers/a.md": f"---\ntitle: A paper\nx-a: {'[' * 11}{']' * 11}\n---\n"
    },
    Code.YAML_KEY: {"content/papers/a.md": "---\ntitle: A paper\n[x, y]: z\n---\n"},
    Code.YAML_COMMENT: {"content/papers/a.md": "---\ntitle: Why we rank #1\n---\n"},
    Code.YAML_ESCAPE: {"content/papers/a.md": '---\ntitle: "An $\\alpha$ paper"\n---\n'},
    Code.UNKNOWN_FIELD: {"content/papers/a.md": "---\ntitle: A paper\ncurater: AK\n---\n"},
    Code.MISSING_FIELD: {"content/papers/a.md": "---\nvotes: 3\n---\n"},
    Code.WRONG_TYPE: {"content/papers/a.md": "---\ntitle: A paper\ncurator: [AK]\n---\n"},
    Code.EMPTY_VALUE: {"content/papers/a.md": "---\ntitle:\n---\n"},
    Code.LOOKS_EMPTY: {"content/papers/a.md": "---\ntitle: A paper\ncurator: null\n---\n"},
    Code.TOO_LONG: {"content/topics/t.md": f"---\nname: Tuning\nshort: {'fine-' * 4}tuning\n---\n"},
    Code.INVALID_CHOICE: {"content/papers/a.md": "---\ntitle: A paper\nstatus: retarcted\n---\n"},
    Code.INVALID_NUMBER: {"content/papers/a.md": "---\ntitle: A paper\nvotes: many\n---\n"},
    Code.INVALID_DATE: {"content/papers/a.md": "---\ntitle: A paper\ndate: 2025-02-30\n---\n"},
    Code.INVALID_SLUG: {
        "content/papers/a.md": "---\ntitle: A paper\nsuperseded_by: Agents!\n---\n"
    },
    Code.INVALID_URL: {
        "content/papers/a.md": "---\ntitle: A paper\nlinks:\n  code: github.com/x/y\n---\n"
    },
    Code.UNSAFE_URL: {
        "content/papers/a.md": "---\ntitle: A paper\nlinks:\n  code: javascript:alert(1)\n---\n"
    },
    Code.INVALID_IDENTIFIER: {"content/papers/a.md": "---\ntitle: A paper\narxiv: 24.1\n---\n"},
    Code.INVALID_ADDRESS: {
        "content/site.yaml": "title: A digest\nnewsletter:\n  contact: digest at example.org\n"
    },
    Code.UNKNOWN_CATEGORY: {"content/papers/a.md": "---\ntitle: A paper\ncategories: sc.CL\n---\n"},
    Code.INVALID_LANGUAGE: {"content/papers/a.md": "---\ntitle: A paper\nlanguage: 中文\n---\n"},
    Code.INVALID_TIME_ZONE: {"content/site.yaml": "title: A digest\ntime_zone: Berlin\n"},
    Code.DUPLICATE_VALUE: {
        "content/papers/a.md": "---\ntitle: A paper\ncategories: [cs.CL, cs.CL]\n---\n"
    },
    Code.SUSPICIOUS_AUTHORS: {"content/papers/a.md": "---\ntitle: A\nauthors: [Lu, Jie]\n---\n"},
    Code.FIELD_CONFLICT: {"content/papers/a.md": "---\ntitle: A paper\nsuperseded_by: a\n---\n"},
    Code.INVALID_ID: {"content/papers/My paper.md": GOOD},
    Code.RESERVED_ID: {"content/pages/search.md": GOOD},
    Code.DUPLICATE_ID: {"content/papers/2024/a.md": GOOD, "content/papers/2025/a.md": GOOD},
    Code.ADDRESS_CONFLICT: {
        "content/papers/a.md": GOOD,
        "content/static/papers/a/index.html": "mine",
    },
    Code.UNKNOWN_TOPIC: {
        "content/papers/a.md": "---\ntitle: A paper\ntopics: [agent]\n---\n",
        "content/topics/agents.md": TOPIC,
    },
    Code.TOPIC_CYCLE: {"content/topics/a.md": "---\nname: A topic\nparent: a\n---\n"},
    Code.ALIAS_CONFLICT: {
        "content/topics/a.md": "---\nname: Agents\naliases: [tools]\n---\n",
        "content/topics/b.md": "---\nname: Tool use\naliases: [tools]\n---\n",
    },
    Code.UNKNOWN_PAPER: {"content/digests/2025-03-19.md": "---\nlead: gone\n---\n"},
    Code.NOT_IN_DIGEST: {
        "content/papers/a.md": DAY.format("2025-03-18"),
        "content/papers/b.md": DAY.format("2025-03-19"),
        "content/digests/2025-03-19.md": "---\nlead: a\n---\n",
    },
    Code.DUPLICATE_PAPER: {
        "content/papers/a.md": "---\ntitle: A paper\ndoi: 10.1000/xyz\n---\n",
        "content/papers/b.md": "---\ntitle: A paper\ndoi: 10.1000/XYZ\n---\n",
    },
    Code.NAME_CONFLICT: {
        "content/people.yaml": "jie-lu:\n  name: Jie Lu\njie-lu-2:\n  name: Jie Lu\n"
    },
    Code.BROKEN_LINK: {"content/papers/a.md": GOOD + "See [the other](/papers/gone/).\n"},
    Code.FEATURED_GAP: {
        "content/papers/a.md": DAY.format("2025-03-19"),
        "content/papers/b.md": DAY.format("2052-03-20"),
    },
    Code.FOREIGN_PDF: {
        "content/site.yaml": "title: A\nbase_url: https://example.org/\nrole: publisher\n",
        "content/papers/a.md": (
            "---\ntitle: A paper\nlinks:\n  pdf: https://elsewhere.example/a.pdf\n---\n"
        ),
    },
    Code.PERMALINK_INVALID: {"content/permalinks.txt": "/papers/a/\npapers/b\n", **ONE},
    Code.PERMALINK_VANISHED: {"content/permalinks.txt": "/papers/a/\n/papers/b/\n", **ONE},
    Code.PERMALINK_UNRECORDED: {"content/permalinks.txt": "", **ONE},
    Code.MATH_NOT_CONVERTED: {
        "content/papers/a.md": "---\ntitle: Flows on $\\SE(3)$\n---\n",
    },
    Code.TEX_UNKNOWN_COMMAND: {
        "content/papers/a.md": "---\ntitle: \\ours, a smaller model\n---\n",
    },
    Code.BODY_TOO_DEEP: {"content/papers/a.md": GOOD + "- " * 3_000 + "x\n"},
    Code.TEMPLATE_SYNTAX: {"templates/paper.html": "<h1>{{ view.title }</h1>\n"},
    Code.TEMPLATE_MISSING: {
        "content/papers/a.md": GOOD,
        "templates/paper.html": '{% extends "defualt/paper.html" %}\n',
    },
    Code.TEMPLATE_CYCLE: {"templates/paper.html": '{% extends "paper.html" %}\n'},
    Code.TEMPLATE_FAILED: {
        "content/papers/a.md": GOOD,
        "templates/paper.html": "<h1>{{ view.titel }}</h1>\n",
    },
    Code.OUTPUT_REFUSED: {"site/thesis.tex": "mine"},
    Code.OUTPUT_CHANGED: {},
    Code.EXTRA_MISSING: {"content/site.yaml": f"{SITE_YAML}social_images: true\n"},
    Code.SEARCH_FAILED: {"content/papers/a.md": GOOD},
    Code.NO_CONTENT: {},
    Code.NO_BASE_URL: {"content/site.yaml": "title: A digest\n"},
    Code.CACHE_DAMAGED: {
        "content/papers/a.md": GOOD,
        ".broadsheet/cache/related": "broadsheet-cache-2 0 0\nmine",
    },
    Code.FILE_EXISTS: {"README.md": "mine"},
    Code.GUARD_TRIPPED: {},
    Code.NOT_VERIFIED: {"content/papers/a.md": GOOD},
    Code.THEME_FAULT: {"content/papers/a.md": GOOD},
    Code.HOST_REFUSES: {"content/site.yaml": "title: A digest\n", "content/papers/a.md": GOOD},
}


def mark(kind: str, name: str) -> re.Pattern[str]:
    """Return the pattern of a generated stretch of a page: its mark, its text, the end."""
    return re.compile(rf"(<!-- {kind}:{re.escape(name)} -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def documented(page: Path, pattern: re.Pattern[str], said: str, *, update: bool) -> str:
    """Return a generated stretch of a page, written anew first when that is asked for."""
    text = page.read_text(encoding="utf-8")
    found = pattern.findall(text)
    assert len(found) == 1, f"{page.name} has {len(found)} stretches {pattern.pattern}"
    if update:
        text = pattern.sub(lambda match: match[1] + said + match[3], text)
        page.write_text(text, encoding="utf-8")
    return str(pattern.findall(page.read_text(encoding="utf-8"))[0][1])


def describe_default(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value}`" if value not in (None, "", {}, 0) else ""


def tabulate(kind: str, schema: Schema) -> str:
    """Return the table of a schema's fields."""
    defaults = DEFAULTS.get(kind)
    columns = ("field", "takes", "about") + (("default",) if defaults is not None else ())
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    for field in schema.fields:
        cells = [f"`{field.name}`", field.reader.words, describe(field)]
        if defaults is not None:
            plain = getattr(defaults, field.name)
            is_nested = hasattr(plain, "__struct_fields__")
            cells.append("" if is_nested else describe_default(plain))
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join((*lines, ""))


def describe(field: Field) -> str:
    return f"**Required.** {field.about}" if field.is_required else field.about


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Tell whether the pages are to be written anew."""
    return bool(request.config.getoption("--update-golden"))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_reference_lists_every_field_as_its_reader_takes_it(kind: str, *, update: bool) -> None:
    table = tabulate(kind, SCHEMAS[kind])
    assert table == documented(RECORDS, mark("fields", kind), table, update=update)


def test_the_reference_has_no_table_of_something_else() -> None:
    named = re.findall(r"<!-- fields:(\w+) -->", RECORDS.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(SCHEMAS)


def write_examples(root: Path) -> list[str]:
    """Write the complete records that the reference shows; return their paths."""
    text = RECORDS.read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)\n```", text, re.DOTALL)
    write_digest(root, {path: block + "\n" for path, block in blocks})
    return [path for path, _ in blocks]


def test_the_records_that_the_reference_shows_build_without_a_word(tmp_path: Path) -> None:
    paths = write_examples(tmp_path)
    result = build(tmp_path, has_search=False)
    assert len(paths) >= 6
    assert result.diagnostics == ()
    assert (result.papers, result.how) == (1, "new")


def test_the_stylesheet_that_the_page_on_templates_adds_reaches_every_page(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL))
    own = {"content/papers/a.md": GOOD, "templates/static/house.css": "", **blocks}
    write_digest(tmp_path, own)
    result = build(tmp_path)
    assert result.diagnostics == ()
    pages = {path: path.read_text(encoding="utf-8") for path in result.output.rglob("*.html")}
    assert len(pages) >= 10
    assert [path for path, page in pages.items() if "/house." not in page] == []


Prepare = Callable[[Path, pytest.MonkeyPatch], None]


def link_out(root: Path, _: pytest.MonkeyPatch) -> None:
    (root / "content" / "static").mkdir(parents=True)
    (root / "content" / "static" / "shared").symlink_to("/")


def add_stray(root: Path, _: pytest.MonkeyPatch) -> None:
    assert build(root, has_search=False).how
    (root / "site" / "notes.txt").write_text("mine")


def fail_search(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 137, "", "out of memory\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)


def uninstall_extras(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_PACKAGES", ("no_such_package",))


def remove_site(root: Path, _: pytest.MonkeyPatch) -> None:
    (root / "content" / "site.yaml").unlink()


PREPARATIONS: Mapping[Code, Prepare] = {
    Code.UNREADABLE_FILE: link_out,
    Code.OUTPUT_CHANGED: add_stray,
    Code.EXTRA_MISSING: uninstall_extras,
    Code.SEARCH_FAILED: fail_search,
    Code.NO_CONTENT: remove_site,
}


# Problems that another command than `build` reports.
Report = Callable[[Path], tuple[Diagnostic, ...]]


def trip_guard(root: Path) -> tuple[Diagnostic, ...]:
    output = publish(root, has_search=False)
    site = read_built_site(output, root, read_manifest(output) or Manifest())
    trips = find_trips(site, Deployed(papers=90, pages=100), DEFAULT_PERCENT)
    return tuple(explain_trip(trip, "site") for trip in trips)


def change_page(root: Path) -> tuple[Diagnostic, ...]:
    output = publish(root, has_search=False)
    (output / "index.html").write_text("mine")
    manifest = read_manifest(output) or Manifest()
    return compare_sites(output, manifest, manifest)


def spoil_page(root: Path) -> tuple[Diagnostic, ...]:
    output = publish(root, has_search=False)
    page = output / "papers" / "a" / "index.html"
    page.write_text(page.read_text("utf-8").replace("h1", "h2"), "utf-8")
    return find_theme_faults(output, "", {"papers/a/index.html": "templates/paper.html"})


def refuse_host(root: Path) -> tuple[Diagnostic, ...]:
    output = publish(root, has_search=False)
    return find_refusals(HOSTS["github-pages"], "site", list_files(output), {}, "")


def leave_unrecorded(root: Path) -> tuple[Diagnostic, ...]:
    site = check(root)
    assert site.diagnostics == ()
    assert site.ledger is not None
    permalinks = list_permalinks(site.library, site.plan.outlines)
    return (report_unrecorded(find_unrecorded(site.ledger, permalinks)),)


OTHER_COMMANDS: Mapping[Code, Report] = {
    Code.GUARD_TRIPPED: trip_guard,
    Code.PERMALINK_UNRECORDED: leave_unrecorded,
    Code.HOST_REFUSES: refuse_host,
    Code.NOT_VERIFIED: change_page,
    Code.THEME_FAULT: spoil_page,
    Code.FILE_EXISTS: lambda root: write_new_files(root, {"README.md": b"", "new.md": b""}),
}


def provoke(code: Code, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    """Build the digest that has one problem, and return what the build reports."""
    write_digest(root, EXAMPLES[code])
    if code in PREPARATIONS:
        PREPARATIONS[code](root, monkeypatch)
    if code in OTHER_COMMANDS:
        return OTHER_COMMANDS[code](root)
    return build(root, has_search=code is Code.SEARCH_FAILED).diagnostics


def test_every_code_has_an_example() -> None:
    assert set(EXAMPLES) == set(Code)


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_each_code_is_explained_with_the_message_that_the_program_gives(
    code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    diagnostics = provoke(code, tmp_path, monkeypatch)
    assert {diagnostic.code for diagnostic in diagnostics} == {code}
    shown = format_text(diagnostics[:1]).rsplit("\n", 2)[0]
    shown = shown.replace(str(tmp_path), "/home/ada/digest")
    block = f"```\n{shown}\n```\n"
    assert block == documented(DIAGNOSTICS, mark("example", code), block, update=update)

    page = DIAGNOSTICS.read_text(encoding="utf-8")
    section = re.search(rf"^### `{code}`\n\n(.*?)<!-- example", page, re.DOTALL | re.MULTILINE)
    assert section is not None
    words = section[1].strip()
    assert words.startswith(f"{diagnostics[0].severity.value.capitalize()}. ")
    assert len(words) > 60


def test_the_page_explains_no_code_that_does_not_exist() -> None:
    page = DIAGNOSTICS.read_text(encoding="utf-8")
    explained = re.findall(r"^### `([\w-]+)`$", page, re.MULTILINE)
    assert explained == [code.value for code in Code]
