"""Tables of a partnership that go out as files and come back: a django-import-export Resource each.

`base` says what they share, a module a table says the rest, `files` reads and writes the files. A table that is to be
offered stands in `tables.TABLES`.
"""
