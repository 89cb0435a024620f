"""Letters: a raw RFC 5322 file in, its facts and its files out."""

from parsers.letter.reader import READER, read_head, read_letter

__all__ = ["READER", "read_head", "read_letter"]
