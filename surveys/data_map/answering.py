"""Banks, cycles, audits, evidence and actions, a table at a time."""

from s11.web.personal_data import Kept, Leaving
from surveys.data_map.purposes import ACTIONS, AUDITS, CYCLES, EVIDENCE, QUESTIONS

TABLES = (
    Kept(
        "surveys.Theme",
        QUESTIONS,
        plain="code title position",
    ),
    Kept(
        "surveys.Questionnaire",
        QUESTIONS,
        plain=(
            "partnership variant duty title edition revision introduction scale not_applicable_reasons "
            "digest loaded_at"
        ),
        place="partnership",
    ),
    Kept(
        "surveys.ProfileQuestion",
        QUESTIONS,
        plain="questionnaire code kind text hint is_required is_personal choices position",
    ),
    Kept(
        "surveys.Standard",
        QUESTIONS,
        plain="questionnaire code theme title guidance sources position",
    ),
    Kept(
        "surveys.Indicator",
        QUESTIONS,
        plain=(
            "questionnaire standard code key theme text guidance descriptor_0 descriptor_1 descriptor_2 "
            "evidence sources is_critical is_core may_be_not_applicable refresh_months applies_if "
            "in_force is_prepare position"
        ),
    ),
    Kept(
        "surveys.Cycle",
        CYCLES,
        who="closed_by",
        plain=(
            "partnership slug title kind status opens_on closes_on asks_sign_off opened_at closed_at "
            "created_at destroyed_at"
        ),
        place="partnership",
    ),
    Kept(
        "surveys.CycleQuestionnaire",
        CYCLES,
        plain="cycle variant questionnaire standards",
        place="cycle__partnership",
    ),
    Kept(
        "surveys.Invitee",
        CYCLES,
        words="extension_reason exempt_reason",
        plain="cycle cycle_questionnaire organisation obligation extended_to invited_at",
        place="cycle__partnership",
    ),
    Kept(
        "surveys.Audit",
        AUDITS,
        who="submitted_by",
        plain="invitee status submission first_submitted_at submitted_at carried_from created_at destroyed_at",
        place="invitee__cycle__partnership",
    ),
    Kept(
        "surveys.AuditEvent",
        AUDITS,
        who="by",
        words="detail",
        plain="audit kind at",
        place="audit__invitee__cycle__partnership",
        organisations=True,
    ),
    Kept(
        "surveys.Scorecard",
        AUDITS,
        plain="audit series submission scope standard theme n sum zeros not_applicable grade frozen_at",
        place="audit__invitee__cycle__partnership",
    ),
    Kept(
        "surveys.Answer",
        AUDITS,
        who="updated_by",
        words="commentary no_action_reason",
        plain=(
            "audit indicator score not_applicable_reason confirmed carried_from is_from_elsewhere "
            "version updated_at group submitted_score submitted_not_applicable"
        ),
        place="audit__invitee__cycle__partnership",
        organisations=True,
    ),
    Kept(
        "surveys.AnswerChange",
        AUDITS,
        who="by",
        words="commentary_before commentary_after no_action_before no_action_after",
        plain=(
            "answer version score_before score_after reason_before reason_after is_brought_in sent_from "
            "at group"
        ),
        place="answer__audit__invitee__cycle__partnership",
        organisations=True,
    ),
    Kept(
        "surveys.ProfileAnswer",
        AUDITS,
        who="updated_by",
        words="value",
        plain="audit question version updated_at",
        place="audit__invitee__cycle__partnership",
        organisations=True,
        note="Some questions ask for a person, such as the designated safeguarding lead.",
    ),
    Kept(
        "surveys.ProfileChange",
        AUDITS,
        who="by",
        words="value_before value_after",
        plain="answer version at",
        place="answer__audit__invitee__cycle__partnership",
        organisations=True,
    ),
    Kept(
        "surveys.Evidence",
        EVIDENCE,
        who="added_by removed_by",
        words="title removal_reason",
        plain="organisation kind effective_on expires_on added_at removed_at",
        organisations=True,
    ),
    Kept(
        "surveys.EvidenceVersion",
        EVIDENCE,
        who="added_by",
        words="name url reference",
        plain=(
            "evidence number file content_type size sha256 is_stripped caution scan_state scan_finding "
            "scanned_at scan_tries scan_due scan_problem told_at added_at"
        ),
        organisations=True,
        note=(
            "What stands inside a file is not read: the export names the file, and its organisation has it."
        ),
    ),
    Kept(
        "surveys.AnswerEvidence",
        EVIDENCE,
        who="added_by",
        plain="answer evidence submitted_version added_at removed_at",
        place="answer__audit__invitee__cycle__partnership",
    ),
    Kept(
        "surveys.EvidenceChange",
        EVIDENCE,
        who="by",
        plain="answer evidence is_put_on at",
        place="answer__audit__invitee__cycle__partnership",
    ),
    Kept(
        "surveys.Action",
        ACTIONS,
        about="owner_user",
        own="owner owner_user",
        who="created_by",
        words="what measure impact",
        plain=(
            "participation origin answer starts_on due_on first_due_on priority status percent "
            "carried_from version created_at evidence"
        ),
        place="participation__partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "surveys.ActionUpdate",
        ACTIONS,
        who="by",
        words="text",
        plain="action status_before status_after percent_before percent_after due_before due_after at",
        place="action__participation__partnership",
    ),
    Kept(
        "surveys.ActionVerification",
        ACTIONS,
        who="by",
        words="text",
        plain="action outcome at",
        place="action__participation__partnership",
    ),
    Kept(
        "surveys.ActionReminder",
        ACTIONS,
        plain="action due_on claimed_at sent_at",
        place="action__participation__partnership",
    ),
    Kept(
        "surveys.AnswerSheet",
        AUDITS,
        who="uploaded_by",
        words="name entries problems",
        plain="audit uploaded_at",
        place="audit__invitee__cycle__partnership",
        organisations=True,
    ),
)
