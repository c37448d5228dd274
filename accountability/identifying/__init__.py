"""What in a text may say whom it is about. Pure: a text in, what to take out of it.

`finding` says what is looked for, and in which texts; `patterns` how each is written, `names` which words may be names.
It finds slips of the pen, and no more: a story can give a family away without one name.
"""
