"""What the tables of retention keep about people: officers' names under decisions. `s11/web/personal_data.py` has
the words."""

from typing import Final

from s11.web.personal_data import Basis, Kept, Purpose

RETENTION: Final = Purpose(
    title="Retention and destruction",
    why="To keep records no longer than the partnership decided, and to show that they went by rule.",
    basis=Basis.PUBLIC_TASK,
    source="Officers of the partnership.",
    retention="Destruction lists and their log",
    told="Which officers set periods, held records back, and prepared and approved their destruction.",
)

TABLES: Final = (
    Kept(
        "retention.Period",
        RETENTION,
        who="set_by",
        words="why",
        plain="partnership kind version months set_at",
        place="partnership",
    ),
    Kept(
        "retention.Hold",
        RETENTION,
        who="by released_by",
        words="reason",
        plain="partnership kind record reference at released_at",
        place="partnership",
    ),
    Kept(
        "retention.DestructionList",
        RETENTION,
        who="prepared_by approved_by",
        plain=(
            "partnership number status as_of made_at prepared_at approved_at approved_items started_at finished_at"
        ),
        place="partnership",
    ),
    Kept(
        "retention.DestructionItem",
        RETENTION,
        words="note",
        plain="list kind record reference counts_from state destroyed_at",
        place="list__partnership",
    ),
    Kept(
        "retention.DoomedFile",
        RETENTION,
        plain="item name deleted_at is_shared",
        place="item__list__partnership",
        note="Names of files are random, or numbers of rows.",
    ),
    Kept(
        "retention.DestructionEntry",
        RETENTION,
        words="prepared_by approved_by",
        plain=(
            "partnership number item list_number kind record reference began_at counts files approved_at at previous "
            "sha256"
        ),
        place="partnership",
        note="Names of the officers are part of the log, which nobody can change.",
    ),
    Kept("retention.Certificate", RETENTION, plain="list file sha256 made_at", place="list__partnership"),
)
