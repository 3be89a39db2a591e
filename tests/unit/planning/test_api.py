"""The records as JSON: every file holds to the schema that is published beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builds import copy_repository, publish, tree
from scenarios import paper, record, write_digest

DIGEST = {
    "content/topics/models.md": record(name="Models & <more>", description="About models."),
    "content/papers/one.md": paper(
        "On $O(n)$ & more",
        "Our note.",
        authors="[Ada Lovelace, {name: Ben, orcid: 0000-0002-1825-0097}]",
        date="2024-12",
        featured="2025-01-06",
        topics="[models]",
        arxiv="2412.00010",
        venue="{name: ICML 2024, pages: 1-9, year: 2024}",
        links="{code: 'https://code.example/x', project: 'https://p.example/'}",
        votes="0",
        curator="Ed Itor",
        keywords="[one]",
        tldr="Short.",
        abstract="|\n  First $\\alpha$.\n\n  Second.",
    ),
    "content/papers/bad.md": paper(
        "Bad", featured="2025-01-06", status="retracted", status_note="Wrong.", superseded_by="one"
    ),
    "content/papers/undated.md": paper("Undated"),
    "content/papers/old.md": paper("Old", date="2019"),
    "content/papers/draft.md": paper("Draft", featured="2025-01-06", status="draft"),
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interface of a small digest."""
    root = write_digest(tmp_path_factory.mktemp("api"), DIGEST)
    return publish(root, has_search=False) / "api" / "v1"


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def validator(folder: Path, kind: str) -> jsonschema.Draft202012Validator:
    """Return what checks one kind of file by the published schema."""
    schema = read(folder / "schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    part: dict[str, Any] = {"$ref": f"#/$defs/{kind}"}
    if kind == "DailyPaper":
        part = {"type": "array", "items": part}
    return jsonschema.Draft202012Validator({"$defs": schema["$defs"], **part})


KINDS = {
    "papers": "PaperShard",
    "daily_papers": "DailyPaper",
    "index": "ApiIndex",
    "topics": "TopicList",
}


def check_all(folder: Path) -> int:
    """Fail unless every file of the interface holds to its part of the schema; return how many."""
    whole = jsonschema.Draft202012Validator(read(folder / "schema.json"))
    files = [path for path in folder.rglob("*.json") if path.name != "schema.json"]
    for path in files:
        kind = (
            KINDS.get(path.parent.name) or {"index": "ApiIndex", "topics": "TopicList"}[path.stem]
        )
        validator(folder, kind).validate(read(path))
        whole.validate(read(path))
    return len(files)


def test_every_file_holds_to_the_schema(api: Path) -> None:
    assert sorted(p.relative_to(api).as_posix() for p in api.rglob("*.json")) == [
        "daily_papers/2025-01-06.json",
        "index.json",
        "papers/2019.json",
        "papers/2024-12.json",
        "papers/2025-01.json",
        "papers/undated.json",
        "schema.json",
        "topics.json",
    ]
    assert check_all(api) == 7


def test_the_first_edition_holds_to_the_schema(tmp_path: Path) -> None:
    folder = publish(copy_repository(tmp_path), has_search=False) / "api" / "v1"
    assert check_all(folder) >= 8
    shards = [read(path) for path in (folder / "papers").iterdir()]
    assert sum(len(shard["papers"]) for shard in shards) == 90


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2024-1"},
        {"votes": "many"},
        {"unknown": 1},
        {"title": None},
        {"authors": ["Ada"]},
        {"featured": "2025-01"},
    ],
)
def test_the_schema_refuses_what_is_wrong(api: Path, change: dict[str, Any]) -> None:
    shard = read(api / "papers" / "2024-12.json")
    shard["papers"][0] |= change
    assert not validator(api, "PaperShard").is_valid(shard)


def test_a_paper_is_told_whole_and_what_is_unknown_is_left_out(api: Path) -> None:
    (one,) = read(api / "papers" / "2024-12.json")["papers"]
    assert one == {
        "id": "one",
        "url": "https://example.org/papers/one/",
        "title": "On O(n) & more",
        "title_tex": "On $O(n)$ & more",
        "status": "published",
        "authors": [{"name": "Ada Lovelace"}, {"name": "Ben", "orcid": "0000-0002-1825-0097"}],
        "date": "2024-12",
        "featured": "2025-01-06",
        "topics": ["models"],
        "tldr": "Short.",
        "abstract": "First α.\n\nSecond.",
        "arxiv": "2412.00010",
        "venue": {"name": "ICML 2024", "pages": "1-9", "year": 2024},
        "links": {"code": "https://code.example/x", "project": "https://p.example/"},
        "votes": 0,
        "curator": "Ed Itor",
        "keywords": ["one"],
    }
    (bad,) = read(api / "papers" / "2025-01.json")["papers"]
    assert (bad["status"], bad["status_note"], bad["superseded_by"]) == (
        "retracted",
        "Wrong.",
        "one",
    )


def test_a_day_has_the_shape_that_clients_of_daily_papers_read(api: Path) -> None:
    first, last = read(api / "daily_papers" / "2025-01-06.json")
    assert first["publishedAt"] == "2025-01-06T00:00:00.000Z"
    assert first["title"] == first["paper"]["title"] == "On O(n) & more"
    assert first["summary"] == first["paper"]["summary"] == "First α. Second."
    assert first["submittedBy"]["name"] == "ed-itor"
    assert first["paper"]["submittedOnDailyBy"]["user"] == "ed-itor"
    record = first["paper"]
    assert record["id"] == "2412.00010"
    assert record["publishedAt"] == "2024-12-01T00:00:00.000Z"
    assert record["submittedOnDailyAt"] == "2025-01-06T00:00:00.000Z"
    assert [(a["name"], a["hidden"]) for a in record["authors"]] == [
        ("Ada Lovelace", False),
        ("Ben", False),
    ]
    assert all(len(author["_id"]) == 24 for author in record["authors"])
    assert record["upvotes"] == 0
    assert (record["githubRepo"], record["projectPage"]) == (
        "https://code.example/x",
        "https://p.example/",
    )
    assert (record["ai_summary"], record["ai_keywords"]) == ("Short.", ["one"])
    assert last["title"] == "Retracted: Bad"
    assert "upvotes" not in last["paper"]
    assert "submittedBy" not in last


def test_the_index_names_every_file_with_its_number_of_entries(api: Path) -> None:
    index = read(api / "index.json")
    assert [(s["name"], s["count"]) for s in index["papers"]] == [
        ("2019", 1),
        ("2024-12", 1),
        ("2025-01", 1),
        ("undated", 1),
    ]
    assert [(s["name"], s["count"]) for s in index["daily_papers"]] == [("2025-01-06", 2)]
    links = [s["url"] for s in (*index["papers"], *index["daily_papers"])]
    base = "https://example.org/api/v1/"
    for url in (*links, index["schema_url"], index["topics_url"]):
        assert (api / url.removeprefix(base)).is_file()


def test_an_edit_rewrites_one_shard(tmp_path: Path) -> None:
    root = write_digest(tmp_path, DIGEST)
    before = tree(publish(root, has_search=False))
    write_digest(root, {"content/papers/undated.md": paper("Undated", abstract="New.")})
    after = tree(publish(root, has_search=False))
    changed = [p for p in after if p.startswith("api/") and after[p] != before.get(p)]
    assert changed == ["api/v1/papers/undated.json"]


def test_what_language_models_are_to_know_names_data_and_topics(api: Path) -> None:
    text = (api.parent.parent / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# A test digest\n")
    assert "- [api/v1/index.json](https://example.org/api/v1/index.json): " in text
    assert "- [Models & <more>](https://example.org/topics/models/): About models." in text
