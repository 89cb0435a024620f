"""The letters we write: composed from data and the language files. Pure.

`compose` makes a draft (subject, text, HTML) from what happened and how the cases
stand; `build_message` puts it into an envelope. Sentences live in `languages/*.toml`.
"""
