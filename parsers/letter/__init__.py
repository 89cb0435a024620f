"""Letters: a raw RFC 5322 file, or Outlook's own, in; its facts and its files out."""

from parsers.letter.outlook_reader import MSG_READER, TNEF_READER, read_msg, read_tnef
from parsers.letter.reader import READER, read_head, read_letter

__all__ = ["MSG_READER", "READER", "TNEF_READER", "read_head", "read_letter", "read_msg", "read_tnef"]
