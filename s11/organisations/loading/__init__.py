"""Loading a national register into a partnership: read, compared with what is known, shown, and written.

What a row means and changes is decided in `registers`, which knows no database.
"""
