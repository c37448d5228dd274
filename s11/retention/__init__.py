"""How long each kind of record is kept, and its destruction: schedule, lists, the job, certificates, the log.

Stands above the apps whose records it destroys; what may be destroyed with what is `walk.py`'s alone.
"""
