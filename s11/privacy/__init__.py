"""What people may ask of their own data: an export of all that is held about them, and the anonymising of who has left.

Stands above the apps, for it walks the tables of all of them by the map that each declares (`data_map`).
"""
