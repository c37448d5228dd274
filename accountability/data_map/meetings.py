"""Panels, meetings and reports, a table at a time."""

from accountability.data_map.purposes import COURSES, MEETINGS, PANELS, PUBLICATION
from s11.web.personal_data import Kept, Leaving

TABLES = (
    Kept(
        "accountability.Panel",
        PANELS,
        who="created_by",
        plain="cycle seats sectors tracks created_at",
        place="cycle__partnership",
    ),
    Kept(
        "accountability.PanelMember",
        PANELS,
        about="officer__user contact",
        own="officer contact sector may_chair most is_active asked_at answered_at declared_at",
        words="note",
        keys="link_nonce",
        plain="panel organisation",
        place="panel__cycle__partnership",
    ),
    Kept(
        "accountability.Interest",
        PANELS,
        about="member__officer__user member__contact",
        own="member kind declared_at",
        who="declared_by",
        words="note",
        plain="organisation",
        place="member__panel__cycle__partnership",
    ),
    Kept(
        "accountability.Meeting",
        MEETINGS,
        who="called_by",
        words="why_unplaced availability_note cancel_reason",
        plain=(
            "panel invitee status priority day starts_at track is_locked uid sequence told_at asked_at "
            "pack_prepared_at called_at started_at ended_at"
        ),
        place="panel__cycle__partnership",
    ),
    Kept(
        "accountability.MeetingReason",
        MEETINGS,
        words="sentence",
        plain="meeting kind",
        place="meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.Seat",
        PANELS,
        about="member__officer__user member__contact",
        own="member is_chair attended substitute_for",
        plain="meeting",
        place="meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.Representative",
        PANELS,
        about="user email",
        own="name job_title email user substitute_for attended",
        plain="meeting",
        place="meeting__panel__cycle__partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "accountability.AgendaItem",
        MEETINGS,
        words="title",
        plain="meeting kind minutes position",
        place="meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.Note",
        MEETINGS,
        about="by",
        own="by updated_at",
        words="text",
        plain="item version",
        place="item__meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.LineOfEnquiry",
        MEETINGS,
        who="by",
        words="text reason",
        plain="meeting origin rule indicator is_private is_dropped position at",
        place="meeting__panel__cycle__partnership",
        private="is_private",
    ),
    Kept(
        "accountability.ScoreProposal",
        MEETINGS,
        who="by decided_by",
        words="justification",
        plain="meeting answer submission score is_not_applicable status at decided_at",
        place="meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.GoodPractice",
        MEETINGS,
        who="by",
        words="text",
        plain="meeting indicator may_be_shared at",
        place="meeting__panel__cycle__partnership",
    ),
    Kept(
        "accountability.Report",
        PUBLICATION,
        who="created_by approved_by published_by withdrawn_by",
        words="why_withdrawn",
        plain=(
            "partnership title series licence status number version corrects created_at approved_at "
            "approved_digest published_at withdrawn_at"
        ),
        place="partnership",
    ),
    Kept(
        "accountability.ReportCycle",
        PUBLICATION,
        plain="report cycle position",
        place="report__partnership",
    ),
    Kept(
        "accountability.ReportSection",
        PUBLICATION,
        who="edited_by",
        words="drafted text",
        plain="drafted_at edited_from edited_at version report kind subject title position removed_at",
        place="report__partnership",
    ),
    Kept(
        "accountability.ReportComment",
        PUBLICATION,
        who="by resolved_by",
        words="text",
        plain="section at resolved_at",
        place="section__report__partnership",
    ),
    Kept(
        "accountability.ReportEvent",
        PUBLICATION,
        who="by",
        words="detail",
        plain="report kind at",
        place="report__partnership",
    ),
    Kept(
        "accountability.Erratum",
        PUBLICATION,
        who="by",
        words="text",
        plain="report at",
        place="report__partnership",
    ),
    Kept(
        "accountability.BoardPaper",
        PUBLICATION,
        who="edited_by pdf_asked_by",
        words="drafted text training",
        plain=(
            "drafted_at edited_from edited_at version report kind compared_with meetings year_begins parts "
            "quotations pdf_asked_at pdf pdf_version pdf_made_at pdf_error"
        ),
        place="report__partnership",
    ),
    Kept(
        "accountability.Course",
        COURSES,
        who="changed_by",
        words="description",
        plain="partnership name audience link is_active version changed_at",
        place="partnership",
    ),
    Kept(
        "accountability.CourseSubject",
        COURSES,
        plain="course variant code key",
        place="course__partnership",
    ),
)
