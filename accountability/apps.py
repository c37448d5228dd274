"""The accountability app: it tells what is below it how its papers are built."""

from django.apps import AppConfig

from accountability.data_map import TABLES
from s11.web.personal_data import register_kept


class AccountabilityConfig(AppConfig):
    name = "accountability"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accountability import (  # noqa: PLC0415  models are there only now
            executive_files,
            feed_tables,
            feedback_files,
            feedback_links,
            late_letters,
            letters,
            meetings_overview,
            minutes_files,
            pack_files,
            putting_back,
            timetable_files,
        )
        from accountability.exports import everything  # noqa: PLC0415  likewise
        from surveys.documents import Builder, register_builder  # noqa: PLC0415  likewise
        from surveys.enums import DocumentKind  # noqa: PLC0415  likewise
        from surveys.exports.partnership import register_part  # noqa: PLC0415  likewise
        from surveys.feed.base import register_feed_table  # noqa: PLC0415  likewise
        from surveys.feedback_links import register_feedback  # noqa: PLC0415  likewise
        from surveys.overview_parts import register_overview_part  # noqa: PLC0415  likewise

        register_kept(TABLES)
        register_builder(DocumentKind.PACK, Builder(pack_files.build_pack, pack_files.name_pack))
        register_builder(
            DocumentKind.DAY_PACKS, Builder(pack_files.build_day_packs, pack_files.name_day_packs)
        )
        register_builder(
            DocumentKind.TIMETABLE,
            Builder(timetable_files.build_timetable, timetable_files.name_timetable),
        )
        register_builder(
            DocumentKind.MINUTES, Builder(minutes_files.build_minutes, minutes_files.name_minutes)
        )
        register_builder(
            DocumentKind.MEETING_LETTER,
            Builder(letters.render_meeting_letter, minutes_files.name_meeting_letter),
        )
        register_builder(
            DocumentKind.LATE_LETTER,
            Builder(late_letters.build_late_letter, late_letters.name_late_letter),
        )
        register_builder(
            DocumentKind.FEEDBACK, Builder(feedback_files.build_feedback, feedback_files.name_feedback)
        )
        register_builder(
            DocumentKind.EXECUTIVE, Builder(executive_files.build_executive, executive_files.name_executive)
        )
        putting_back.register_kinds()
        register_feedback(feedback_links.list_feedback_reports)
        register_overview_part(meetings_overview.KEY, meetings_overview.make_meetings_part)
        for table in feed_tables.TABLES:
            register_feed_table(table)
        register_part(everything.PART)
