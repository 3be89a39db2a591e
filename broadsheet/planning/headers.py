"""The Content-Security-Policy and the cache rules of the site: one value, in one place.

Responsible for the response headers that `_headers`, the preview and every test's server send. Not
responsible for sending them.
"""

from __future__ import annotations

import re

import msgspec

# The line of `base.html` that sets the colour scheme before the first paint, by its hash.
THEME_LINE_HASH = "sha256-MsLiCjYS/oBus5Nt/Lgn5Ul2JU3TybiP8AmULcTR/ig="

_HASHED_ASSET = re.compile(r"assets/[^/]+\.[0-9a-f]{10}\.[a-z0-9]+")


class HeaderPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What the site's responses say beside their bytes.

    Attributes:
        form_origins: Origins that forms may post to, beside the site's own.
    """

    form_origins: tuple[str, ...] = ()

    def content_security_policy(self) -> str:
        """Return the policy, to be sent as a header on every response.

        `wasm-unsafe-eval` is what Pagefind's WebAssembly needs when the header is also on the
        worker's own response; without it search fails there (measured).
        """
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' 'wasm-unsafe-eval' '{THEME_LINE_HASH}'",
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "worker-src 'self'",
                "manifest-src 'self'",
                " ".join(("form-action 'self'", *self.form_origins)),
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the headers of one response.

        Args:
            path: The file, relative to the output folder.
        """
        return {
            "Content-Security-Policy": self.content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Cache-Control": cache_control(path),
        }

    def headers_file(self) -> str:
        """Return `_headers` as Netlify and Cloudflare Pages read it."""
        lines = ["/*"]
        lines += [
            f"  {name}: {value}"
            for name, value in self.headers_for("index.html").items()
            if name != "Cache-Control"
        ]
        lines += ["/assets/*", "  Cache-Control: " + cache_control("assets/a.0123456789.css"), ""]
        return "\n".join(lines)


def cache_control(path: str) -> str:
    """Return how long a file may be kept: hashed assets for a year, all else until asked again."""
    if _HASHED_ASSET.fullmatch(path):
        return "public, max-age=31536000, immutable"
    return "public, max-age=0, must-revalidate"
