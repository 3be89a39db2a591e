"""The only hashing of the project: values and bytes to short, stable names.

Not responsible for deciding what a hash should cover; callers pass exactly that.
"""

from __future__ import annotations

import hashlib

import msgspec

_ENCODER = msgspec.msgpack.Encoder(order="sorted")


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def encode_value(value: object) -> bytes:
    """Return a plain value's canonical encoding (MessagePack, keys sorted).

    Raises:
        TypeError: The value holds something that has no canonical encoding.
    """
    return _ENCODER.encode(value)


def hash_value(value: object) -> str:
    """Return a hash over a plain value, the same in every process and on every machine.

    Args:
        value: Anything msgspec encodes: structs, tuples, dicts with text keys, text, numbers.

    Returns:
        32 hexadecimal digits: the first half of a SHA-256, which most processors have an
        instruction for.

    Raises:
        TypeError: The value holds something that has no canonical encoding.
    """
    return hashlib.sha256(encode_value(value)).hexdigest()[:32]
