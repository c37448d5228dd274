"""Drawings of figures: pure layout in, marks out, for page, paper and file alike.

`words` knows how wide text is, `marks` what a drawing is made of and in which colours. Above them stands a module for
each family of charts, and `chart` holds a drawing together with its title, its sentence and its table. Nothing here
knows Django; templates/components/drawings.html only writes the marks down.

Each family lays its rows out for the width it is given: at WIDE names stand beside what is drawn, at NARROW above it,
so that text keeps its size on a phone instead of shrinking with a picture.
"""
