"""What the tables of a partnership have in common: which rows they hold, how a row of a file is held against them, and
who writes it.

A table is a subclass with a Column for each heading. It says which rows belong to the partnership, finds the row that a
line of a file means, and writes one row by calling verbs of the workflow: policy is there, never here. A cell that says
what the table's own file would say now is never a change, so a file that comes back as it was changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from import_export.resources import ModelResource
from import_export.results import Result, RowResult

from s11.organisations.models import Partnership, User
from s11.organisations.queries import Desk
from s11.web.errors import NotInThisState
from surveys.imports.csv_files import Wrong
from surveys.models import Cycle
from surveys.resources.columns import KEY, Column, tidy
from surveys.resources.rows import Change, Kind, Line, Preview, PreviewMaker
from surveys.sheets import LONGEST_CELL, split_text
from surveys.table_permissions import check_can_import_table
from surveys.yaml_nodes import shown

CHANGED_MEANWHILE: Final = (
    "It was changed here meanwhile, so nothing was saved. Look at what the file would do now."
)
ELSEWHERE: Final = "another partnership has it too, so this is for an operator"
# How often whoever waits is told how far it is.
SAY_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file: the line on which it starts, its cells by heading, and which of them could not be read."""

    line: int
    cells: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


class RowOutcome(RowResult):
    """The library's result of a row, with what the preview says of it."""

    name: str = ""
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class CellFault(Exception):
    """What is wrong with a row as a whole, under the heading where it shows."""

    def __init__(self, heading: str, fault: Wrong) -> None:
        super().__init__(str(fault))
        self.heading = heading


class PartnershipResource(ModelResource):
    """One table of one partnership, in the hands of one person."""

    slug: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str]
    can_import: ClassVar[bool] = True
    # Whether it is the table of one cycle.
    needs_cycle: ClassVar[bool] = False
    # Whether it shows what agencies have submitted, which a recall takes back.
    holds_answers: ClassVar[bool] = False
    # Whether only administrators import it; otherwise quality officers do too.
    for_administrators: ClassVar[bool] = False
    # Whether a file may still change it when its cycle is closed.
    goes_on_after_close: ClassVar[bool] = False
    # What the preview counts, and what to do with the file; for whoever reads the page.
    unit: ClassVar[str] = "row"
    how_to_change: ClassVar[str] = (
        "Change cells, add rows. A row that you take out, and a column that you take out, stay as they are here. Keep "
        "the headings and the column Key."
    )
    # Whether a row without a key is a new one.
    can_add: ClassVar[bool] = True
    # Headings that a new row cannot do without.
    needed: ClassVar[tuple[str, ...]] = ()

    class Meta:
        # Compared are cells, below: the library's own comparison copies every instance.
        skip_diff = True
        use_transactions = True
        report_skipped = True
        import_id_fields = ("key",)

    def __init__(self, *, partnership: Partnership, by: User, cycle: Cycle | None = None) -> None:
        super().__init__()
        assert cycle is None or cycle.partnership_id == partnership.pk
        self.partnership, self.by, self.cycle = partnership, by, cycle
        # Without the columns that the library makes of each of the model's fields, in the order they are written.
        own = [(name, field) for name, field in self.fields.items() if isinstance(field, Column)]
        self.fields = dict(sorted(own, key=lambda pair: pair[1].order))
        self._rows: Sequence[FileRow] = ()
        self._found: dict[object, int] = {}
        self._say: Callable[[int], None] | None = None
        # What the trail calls the file that is brought in.
        self.file_origin = ""

    @classmethod
    def check_can_import(cls, desk: Desk, cycle: Cycle | None) -> None:
        """Whoever may change the same thing on its own page."""
        ends_with = None if cls.goes_on_after_close else cycle
        check_can_import_table(desk, ends_with, for_administrators=cls.for_administrators)

    # What a table is ------------------------------------------------------------------------------------------------

    def get_queryset(self) -> QuerySet[Any]:
        """The partnership's rows and no others, with all that their cells need."""
        raise NotImplementedError

    def write_row(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> None:
        """By the workflow's verbs. The instance has the file's values; `changes` are those that are made."""
        raise NotImplementedError

    def get_name(self, instance: Any) -> str:
        """What the preview calls the row."""
        return str(instance)

    def get_rows(self) -> Iterable[Any]:
        """The rows of the query set, with what no column of the database holds."""
        return list(self.get_queryset())

    def load(self, rows: Sequence[FileRow]) -> None:
        """Read in a fixed number of queries what the rows are held against. Call this one first."""
        self.known: dict[str, Any] = {self.show(self.fields["key"], one): one for one in self.get_rows()}

    def find_by_key(self, key: str) -> Model | None:
        """None for a row that is made under this key. Raises CellFault."""
        if key not in self.known:
            right = "leave it empty to add a new row, or copy the key from a fresh export"
            if not self.can_add:
                right = "copy it from a fresh export"
            raise CellFault(KEY, Wrong(f"nothing here has the key {shown(key)}", right))
        found: Model = self.known[key]
        return found

    def find(self, row: Mapping[str, str]) -> Model | None:
        """The row that one without a key means, if it is here already. Raises CellFault."""
        return None

    def get_hold(self, instance: Any, column: Column, value: Any, *, is_new: bool) -> str:
        """Why this cell is not changed by a file, if it is not; in words that go on after `it is not changed: `."""
        return ""

    def check(self, instance: Any, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        """What is wrong with the row as a whole, once each cell is right by itself."""
        return iter(())

    def make_notes(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> Iterator[str]:
        """What else the row does, in sentences."""
        return iter(())

    # Out --------------------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> list[Column]:
        return list(self.fields.values())

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]

    def show(self, column: Column, instance: Any) -> str:
        """The cell, as every file of this table has it."""
        return str(column.export(instance))

    def list_cells(self) -> Iterator[list[str]]:
        """The whole table, from the library's own export."""
        yield from (list(row) for row in self.export(self.get_rows()))

    # In ---------------------------------------------------------------------------------------------------------------

    def preview(self, rows: Sequence[FileRow], say: Callable[[int], None] | None = None) -> Preview:
        """What the file would do now. Nothing is written; `say` is told now and then how many rows are done.

        Raises Refused where nothing of the file can be brought in, whatever its rows say.
        """
        self._say = say
        result = self.import_data_inner(
            self._begin(rows),
            dry_run=True,
            raise_errors=False,
            using_transactions=False,
            collect_failed_rows=False,
        )
        return self._summarise(result)

    @transaction.atomic
    def save_rows(self, rows: Sequence[FileRow], seen: str) -> Preview:
        """Write exactly what was seen, or raise NotInThisState and write nothing."""
        # Two files at once queue here.
        Partnership.objects.select_for_update().get(pk=self.partnership.pk)
        result = self.import_data(self._begin(rows), raise_errors=False, use_transactions=True)
        done = self._summarise(result)
        if done.fingerprint != seen or done.faults:
            raise NotInThisState(CHANGED_MEANWHILE)
        return done

    def _begin(self, rows: Sequence[FileRow]) -> Any:
        """The rows as the library's Dataset."""
        import tablib  # noqa: PLC0415  (most pages and commands never read a table)

        self._rows, self._found = rows, {}
        self.load(rows)
        headings = list(rows[0].cells) if rows else []
        return tablib.Dataset(*(tuple(row.cells.values()) for row in rows), headers=headings)

    def _summarise(self, result: Result) -> Preview:
        maker = PreviewMaker()
        for row, found in zip(self._rows, result.rows, strict=True):
            for failed in found.errors:
                if isinstance(failed.error, NotInThisState):
                    raise NotInThisState(f"line {row.line}: {failed.error}") from failed.error
                raise failed.error
            if found.is_invalid():
                faults = found.validation_error.message_dict
                maker.add_faults(
                    row.line, [f"{heading}: {text}" for heading, all_ in faults.items() for text in all_]
                )
            else:
                maker.add(Line(row.line, _get_kind(found), found.name, found.changes, found.notes))
        return maker.finish()

    # What the library calls for each row ------------------------------------------------------------------------------

    @classmethod
    def get_row_result_class(cls) -> type[RowOutcome]:
        return RowOutcome

    def get_or_init_instance(self, instance_loader: object, row: Mapping[str, str]) -> tuple[Any, bool]:
        try:
            found = self._find(row)
        except CellFault as fault:
            raise ValidationError({fault.heading: [str(fault)]}) from None
        return (self.init_instance(row), True) if found is None else (found, False)

    def _find(self, row: Mapping[str, str]) -> Model | None:
        key = row.get(KEY, "")
        found = self.find_by_key(key) if key else self.find(row)
        if found is None and not key and not self.can_add:
            raise CellFault(
                KEY, Wrong("it is empty", "copy it from a fresh export: this table takes no new rows")
            )
        return found

    def before_import_row(self, row: Mapping[str, str], **kwargs: Any) -> None:
        self._number = kwargs["row_number"]
        self._changes: list[Change] = []
        self._notes: tuple[str, ...] = ()
        if faults := self._rows[self._number - 1].faults:
            raise ValidationError({heading: [text] for heading, text in faults.items()})
        if self._say is not None and self._number % SAY_EVERY == 0:
            self._say(self._number)

    def after_init_instance(self, instance: Any, new: bool, row: Mapping[str, str], **kwargs: Any) -> None:
        self._is_new = new
        line = self._rows[self._number - 1].line
        first = line if new else self._found.setdefault(instance.pk, line)
        if first != line:
            fault = Wrong(f"it is the same row as on line {first}", "keep one of the two")
            raise ValidationError({KEY: [str(fault)]})
        self._name = "" if new else self.get_name(instance)
        missing = [heading for heading in self.needed if new and not row.get(heading)]
        if missing:
            fault = Wrong("it is empty", "write it in, for a new row needs it")
            raise ValidationError({heading: [str(fault)] for heading in missing})

    def import_instance(self, instance: Any, row: Mapping[str, str], **kwargs: Any) -> None:
        """Set the cells that say something else than is here; gather what is wrong with them by heading."""
        wrong: dict[str, list[str]] = {}
        for column in self.columns:
            if column.readonly or column is self.fields["key"] or column.heading not in row:
                continue
            try:
                self._import_cell(instance, column, row[column.heading])
            except Wrong as fault:
                wrong.setdefault(column.heading, []).append(str(fault))
        if not wrong:
            for heading, found in self.check(instance, row, is_new=self._is_new):
                wrong.setdefault(heading, []).append(str(found))
        if wrong:
            raise ValidationError(dict(wrong))

    def _import_cell(self, instance: Any, column: Column, cell: str) -> None:
        old = "" if self._is_new else self.show(column, instance)
        # An empty cell of a new row leaves what such a row begins with.
        if tidy(cell) in {old, fit(old)}:
            return
        value = column.widget.read(tidy(cell))
        held = self.get_hold(instance, column, value, is_new=self._is_new)
        before = column.get_value(instance)
        set_path(instance, column.attribute, value)
        new = self.show(column, instance)
        if held:
            set_path(instance, column.attribute, before)
        # The same in other words, such as a date written the other way, is no change.
        if new != old:
            self._changes.append(Change(column.heading, old, new, held))

    def skip_row(
        self, instance: Any, original: Any, row: Mapping[str, str], import_validation_errors: Any = None
    ) -> bool:
        if import_validation_errors:
            return False
        # Said before anything is written, so that the preview and the save say the same.
        made = [change for change in self._changes if not change.held]
        self._notes = tuple(self.make_notes(instance, made, is_new=self._is_new))
        return not self._is_new and not made

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        made = [change for change in self._changes if not change.held]
        self.write_row(instance, made, is_new=is_create)

    def after_import_row(self, row: Mapping[str, str], row_result: RowOutcome, **kwargs: Any) -> None:
        row_result.name = self._name or self._get_new_name()
        row_result.changes = tuple(self._changes)
        row_result.notes = self._notes

    def after_import(self, dataset: object, result: Result, **kwargs: Any) -> None:
        """The library would set the database's counters of ids; our verbs leave them to the database."""

    def _get_new_name(self) -> str:
        return next((change.new for change in self._changes), "")


def _get_kind(found: RowOutcome) -> Kind:
    if found.is_new():
        return Kind.ADDED
    if found.is_update():
        return Kind.CHANGED
    return Kind.HELD if found.changes else Kind.UNCHANGED


def set_path(instance: Any, path: str, value: Any) -> None:
    """`organisation__urn` of the instance."""
    *way, last = path.split("__")
    for step in way:
        instance = getattr(instance, step)
    setattr(instance, last, value)


def fit(text: str) -> str:
    """As much of it as a cell of a workbook holds."""
    return split_text(text)[0].strip() if len(text) * 2 > LONGEST_CELL else text
