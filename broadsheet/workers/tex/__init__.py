"""TeX-flavoured text: parsed once into segments, written in three ways from the same parse."""
