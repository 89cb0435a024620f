"""What goes out with a call: 报送须知, a Word template, 报名表, 汇总表, made from the campaign file.

`matter` says what stands in them (pure), `word` and `making` put it on paper.
"""

from intake.kit.making import KIT_FILES, make_kit

__all__ = ["KIT_FILES", "make_kit"]
