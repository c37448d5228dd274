"""The data feed: tables of a partnership that somebody's own programs read by a token.

`base` says what a table is, other modules what each holds, `tables` which there are, `files` writes them. Apps above
this one register theirs. What may be read is asked of the same checks and the same queries as the pages'.
"""
