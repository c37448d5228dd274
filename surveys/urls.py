"""Addresses of question banks, cycles, audits and overview reports."""

from django.urls import path

from surveys import mail_urls
from surveys.views import (
    access_list,
    action_files,
    actions,
    answer_sheets,
    answers,
    applications,
    audit_actions,
    audit_evidence,
    audits,
    calibrations,
    carry_over,
    contact_trail,
    copies,
    cycle_copies,
    cycle_planning,
    cycle_surveys,
    cycles,
    elsewhere,
    evidence,
    feed,
    feedback,
    freshness,
    group_sites,
    heat_map,
    history,
    invitees,
    jobs,
    moderation,
    moderation_standard,
    one_answer,
    one_fact,
    overview_variants,
    own_survey,
    own_tools,
    passports,
    pipeline,
    practitioners,
    questionnaires,
    reports,
    sharing,
    sign_offs,
    support,
    tables,
)

AGENCY = "p/<slug:partnership>/o/<slug:organisation>/"
GROUP = "home/groups/<slug:group>/"
AUDIT = f"{AGENCY}audits/<slug:cycle>/"
ACTIONS = f"{AGENCY}actions/"
CYCLES = "p/<slug:partnership>/desk/cycles/"
CYCLE = f"{CYCLES}<slug:cycle>/"
PIPELINE = "p/<slug:partnership>/desk/pipeline/"
TABLES = "p/<slug:partnership>/desk/tables/"
ACCESS = "p/<slug:partnership>/desk/access/"
JOBS = "p/<slug:partnership>/desk/jobs/"
REPORTS = "p/<slug:partnership>/desk/reports/"
REQUESTS = "p/<slug:partnership>/desk/requests/"
MODERATION = "p/<slug:partnership>/desk/moderation/"
QUEUE = f"{MODERATION}<slug:cycle>/"
CALIBRATION = f"{QUEUE}calibration/"
MODERATED = f"{QUEUE}audits/<slug:organisation>/"
SUPPORT = "p/<slug:partnership>/desk/support/"
FEEDBACK = f"{AGENCY}feedback/"
SURVEY = f"{CYCLE}survey/agencies/<slug:organisation>/"
INVITEE = f"{CYCLE}invitees/<slug:organisation>/"
EVIDENCE = f"{AGENCY}evidence/"
BANK = "p/<slug:partnership>/question-banks/<int:questionnaire>/"
FEED = "p/<slug:partnership>/feed/"

app_name = "surveys"
urlpatterns = [
    *mail_urls.urlpatterns,
    # Cycles on the desk
    path(CYCLES, cycles.cycles, name="cycles"),
    path(f"{CYCLES}new/", cycle_planning.cycle_new, name="cycle_new"),
    path(f"{CYCLES}new/<slug:step>/", cycle_planning.cycle_new, name="cycle_new_step"),
    path(CYCLE, cycles.cycle, name="cycle"),
    path(f"{CYCLE}copy/", cycle_copies.cycle_copy, name="cycle_copy"),
    path(f"{CYCLE}open/", cycles.cycle_open, name="cycle_open"),
    path(f"{CYCLE}close/", cycles.cycle_close, name="cycle_close"),
    path(f"{CYCLE}change/", cycles.cycle_change, name="cycle_change"),
    path(f"{CYCLE}delete/", cycles.cycle_delete, name="cycle_delete"),
    path(f"{CYCLE}closing-day/", cycles.cycle_closing_day, name="cycle_closing_day"),
    path(f"{CYCLE}question-banks/<slug:variant>/", cycles.cycle_bank, name="cycle_bank"),
    path(f"{CYCLE}invite/", invitees.cycle_invite, name="cycle_invite"),
    path(INVITEE, invitees.cycle_invitee, name="cycle_invitee"),
    path(f"{INVITEE}remove/", invitees.cycle_invitee_remove, name="cycle_invitee_remove"),
    path(f"{INVITEE}<slug:what>/", invitees.cycle_invitee_change, name="cycle_invitee_change"),
    path(f"{INVITEE}<slug:what>/undo/", invitees.cycle_invitee_undo, name="cycle_invitee_undo"),
    # Practitioner surveys: the desk's, an agency's, and what opens by its link alone
    path(f"{CYCLE}survey/", cycle_surveys.cycle_survey, name="cycle_survey"),
    path(f"{CYCLE}survey/statements/", cycle_surveys.cycle_survey_statements, name="cycle_survey_statements"),
    path(f"{CYCLE}survey/open/", cycle_surveys.cycle_survey_open, name="cycle_survey_open"),
    path(SURVEY, cycle_surveys.cycle_survey_agency, name="cycle_survey_agency"),
    path(f"{SURVEY}poster/", cycle_surveys.cycle_survey_poster, name="cycle_survey_poster"),
    path(f"{AUDIT}survey/", own_survey.audit_survey, name="audit_survey"),
    path(f"{AUDIT}survey/poster/", own_survey.audit_survey_poster, name="audit_survey_poster"),
    path("t/<str:token>/survey/", practitioners.practitioner_survey, name="practitioner_survey"),
    path("t/<str:token>/survey/thanks/", practitioners.practitioner_thanks, name="practitioner_thanks"),
    # The pipeline, and all that passed with one organisation
    path(PIPELINE, pipeline.pipeline, name="pipeline"),
    path(f"{PIPELINE}<slug:cycle>/", pipeline.pipeline_cycle, name="pipeline_cycle"),
    path(f"{PIPELINE}<slug:cycle>/save/", pipeline.pipeline_save, name="pipeline_save"),
    path(f"{PIPELINE}<slug:cycle>/file/<slug:file_format>/", pipeline.pipeline_file, name="pipeline_file"),
    path(
        f"{PIPELINE}<slug:cycle>/views/<int:view>/delete/",
        pipeline.pipeline_view_delete,
        name="pipeline_view_delete",
    ),
    path(
        "p/<slug:partnership>/desk/organisations/<slug:organisation>/timeline/",
        contact_trail.contact_trail,
        name="contact_trail",
    ),
    # A group's sites
    path(GROUP, group_sites.group, name="group"),
    path(f"{GROUP}actions/", group_sites.group_actions, name="group_actions"),
    path(f"{GROUP}answer/", group_sites.group_answer, name="group_answer"),
    path(f"{GROUP}answer/<int:pin>/", group_sites.group_answer_choose, name="group_answer_choose"),
    path(f"{GROUP}answer/<int:pin>/enter/", group_sites.group_answer_enter, name="group_answer_enter"),
    # For programs, by somebody's token
    path(FEED, feed.feed, name="feed"),
    path(f"{FEED}<slug:table>.<slug:file_format>", feed.feed_table, name="feed_table"),
    path(
        f"{FEED}<slug:cycle>/<slug:table>.<slug:file_format>", feed.feed_cycle_table, name="feed_cycle_table"
    ),
    # Overview reports on the desk
    path(REPORTS, reports.reports, name="reports"),
    path(f"{REPORTS}files/<int:document>/", reports.overview_document, name="overview_document"),
    path(f"{REPORTS}files/<int:document>/file/", reports.overview_file, name="overview_file"),
    path(f"{REPORTS}<slug:cycle>/", reports.overview, name="overview"),
    path(f"{REPORTS}<slug:cycle>/organisations/", heat_map.overview_heat_map, name="overview_heat_map"),
    path(
        f"{REPORTS}<slug:cycle>/variants/<slug:variant>/",
        overview_variants.overview_variant,
        name="overview_variant",
    ),
    path(f"{REPORTS}<slug:cycle>/charts/<slug:chart>.svg", reports.overview_chart, name="overview_chart"),
    path(
        f"{REPORTS}<slug:cycle>/charts/<slug:chart>.csv",
        reports.overview_chart_table,
        name="overview_chart_table",
    ),
    path(f"{REPORTS}<slug:cycle>/files/", reports.overview_file_request, name="overview_file_request"),
    # Moderation on the desk
    path(MODERATION, moderation.moderation, name="moderation"),
    path(QUEUE, moderation.moderation_queue, name="moderation_queue"),
    path(f"{QUEUE}sample/", moderation.moderation_sample, name="moderation_sample"),
    path(CALIBRATION, calibrations.calibrations, name="calibrations"),
    path(f"{CALIBRATION}<int:calibration>/", calibrations.calibration, name="calibration"),
    path(
        f"{CALIBRATION}<int:calibration>/finish/", calibrations.calibration_finish, name="calibration_finish"
    ),
    path(
        f"{CALIBRATION}<int:calibration>/<int:position>/",
        calibrations.calibration_item,
        name="calibration_item",
    ),
    path(MODERATED, moderation.moderation_audit, name="moderation_audit"),
    path(f"{MODERATED}close/", moderation.moderation_close, name="moderation_close"),
    path(f"{MODERATED}reopen/", moderation.moderation_reopen, name="moderation_reopen"),
    path(
        f"{MODERATED}standards/<str:code>/",
        moderation_standard.moderation_standard,
        name="moderation_standard",
    ),
    path(
        f"{MODERATED}standards/<str:code>/<str:indicator>/ask/",
        moderation_standard.moderation_ask,
        name="moderation_ask",
    ),
    # What the partnership asks and finds, as the agency meets it
    path(FEEDBACK, feedback.feedback, name="feedback"),
    path(f"{FEEDBACK}questions/<int:question>/", feedback.feedback_question, name="feedback_question"),
    path(f"{FEEDBACK}support/<int:offer>/", feedback.feedback_support, name="feedback_support"),
    path(f"{FEEDBACK}<slug:cycle>/", feedback.feedback_audit, name="feedback_audit"),
    # Concerns, and offers of support
    path(SUPPORT, support.support, name="support"),
    path(f"{SUPPORT}offers/<int:offer>/", support.support_offer, name="support_offer"),
    path(f"{SUPPORT}<slug:cycle>/", support.support_concerns, name="support_concerns"),
    path(f"{SUPPORT}<slug:cycle>/offer/", support.support_offer_new, name="support_offer_new"),
    # Files that a worker builds
    path(ACCESS, access_list.access_list, name="access_list"),
    path(f"{ACCESS}file/", access_list.access_list_file, name="access_list_file"),
    path(JOBS, jobs.jobs, name="jobs"),
    path(f"{JOBS}<int:document>/retry/", jobs.job_retry, name="job_retry"),
    # Import and export
    path(TABLES, tables.tables, name="tables"),
    path(f"{TABLES}uploads/<int:upload>/", tables.table_upload, name="table_upload"),
    path(f"{TABLES}uploads/<int:upload>/discard/", tables.table_upload_discard, name="table_upload_discard"),
    path(f"{TABLES}files/<int:document>/", tables.table_document, name="table_document"),
    path(f"{TABLES}files/<int:document>/file/", tables.table_document_file, name="table_document_file"),
    path(f"{TABLES}<slug:table>/", tables.table, name="table"),
    path(f"{TABLES}<slug:table>/file/<slug:file_format>/", tables.table_file, name="table_file"),
    # Requests to take part
    path(REQUESTS, applications.applications, name="applications"),
    path(f"{REQUESTS}<int:application>/", applications.application, name="application"),
    path(
        f"{REQUESTS}<int:application>/decline/", applications.application_decline, name="application_decline"
    ),
    # Question banks for everybody
    path(BANK, questionnaires.question_bank, name="question_bank"),
    path(f"{BANK}blank/", questionnaires.question_bank_blank, name="question_bank_blank"),
    path(f"{BANK}blank/file/", questionnaires.question_bank_blank_file, name="question_bank_blank_file"),
    # An audit as its agency meets it
    path(AUDIT, audits.audit, name="audit"),
    path(f"{AUDIT}start/", audits.audit_start, name="audit_start"),
    path(f"{AUDIT}profile/", answers.audit_profile, name="audit_profile"),
    path(f"{AUDIT}profile/<str:code>/", one_fact.audit_fact, name="audit_fact"),
    path(f"{AUDIT}standards/<str:code>/", answers.audit_standard, name="audit_standard"),
    path(
        f"{AUDIT}standards/<str:code>/answers/<str:indicator>/", one_answer.audit_answer, name="audit_answer"
    ),
    path(f"{AUDIT}standards/<str:code>/confirm/", carry_over.standard_confirm, name="standard_confirm"),
    path(f"{AUDIT}check/", audits.audit_check, name="audit_check"),
    path(f"{AUDIT}submit/", audits.audit_submit, name="audit_submit"),
    path(f"{AUDIT}submitted/", audits.audit_submitted, name="audit_submitted"),
    path(f"{AUDIT}own-tool/", own_tools.audit_own_tool, name="audit_own_tool"),
    path(f"{AUDIT}own-tool/withdraw/", own_tools.audit_own_tool_withdraw, name="audit_own_tool_withdraw"),
    path(f"{AUDIT}own-tool/file/", own_tools.audit_own_tool_file, name="audit_own_tool_file"),
    path(f"{AUDIT}sharing/", sharing.audit_sharing, name="audit_sharing"),
    path(f"{AUDIT}sharing/<int:person>/", sharing.audit_sharing_person, name="audit_sharing_person"),
    path(f"{AUDIT}sign-off/", sign_offs.audit_sign_off, name="audit_sign_off"),
    path(f"{AUDIT}sign-off/ask/", sign_offs.audit_sign_off_ask, name="audit_sign_off_ask"),
    path(f"{AUDIT}sign-off/withdraw/", sign_offs.audit_sign_off_withdraw, name="audit_sign_off_withdraw"),
    path(f"{AUDIT}sign-off/send-back/", sign_offs.audit_send_back, name="audit_send_back"),
    path(f"{AUDIT}return/", sign_offs.audit_return, name="audit_return"),
    path(f"{AUDIT}recall/", audits.audit_recall, name="audit_recall"),
    path(f"{AUDIT}read/", audits.audit_read, name="audit_read"),
    path(f"{AUDIT}history/", history.audit_history, name="audit_history"),
    path(f"{AUDIT}history/on/", history.audit_on, name="audit_on"),
    path(f"{AUDIT}elsewhere/", elsewhere.audit_elsewhere, name="audit_elsewhere"),
    path(f"{AUDIT}elsewhere/<int:other>/", elsewhere.audit_compared, name="audit_compared"),
    path(f"{AUDIT}copy/", copies.audit_copy_request, name="audit_copy_request"),
    path(f"{AUDIT}answer-sheet/", answer_sheets.audit_sheet, name="audit_sheet"),
    path(f"{AUDIT}answer-sheet/file/", answer_sheets.audit_sheet_file, name="audit_sheet_file"),
    path(f"{AUDIT}answer-sheet/<int:sheet>/", answer_sheets.audit_sheet_check, name="audit_sheet_check"),
    # Bringing in another audit's passport
    path(f"{AUDIT}passport/", passports.passport_add, name="passport_add"),
    path(f"{AUDIT}passport/<int:upload>/", passports.passport, name="passport"),
    path(f"{AUDIT}passport/<int:upload>/discard/", passports.passport_discard, name="passport_discard"),
    # The action plan
    path(f"{AUDIT}actions/<str:code>/", audit_actions.audit_action_add, name="audit_action_add"),
    path(f"{AUDIT}actions/<str:code>/none/", audit_actions.audit_no_action, name="audit_no_action"),
    path(ACTIONS, actions.actions, name="actions"),
    path(f"{ACTIONS}add/", actions.action_add, name="action_add"),
    path(f"{ACTIONS}<int:action>/", actions.action, name="action"),
    path(f"{ACTIONS}<int:action>/change/", actions.action_change, name="action_change"),
    path(f"{ACTIONS}<int:action>/report/", actions.action_update, name="action_update"),
    path(f"{ACTIONS}file/<slug:file_format>/", action_files.actions_file, name="actions_file"),
    path(f"{ACTIONS}pdf/", action_files.actions_document_request, name="actions_document_request"),
    path(f"{ACTIONS}pdf/<int:document>/", action_files.actions_document, name="actions_document"),
    path(
        f"{ACTIONS}pdf/<int:document>/file/",
        action_files.actions_document_file,
        name="actions_document_file",
    ),
    path(f"{AUDIT}evidence/<str:code>/", audit_evidence.audit_evidence, name="audit_evidence"),
    path(
        f"{AUDIT}evidence/<str:code>/<int:item>/remove/",
        audit_evidence.audit_evidence_remove,
        name="audit_evidence_remove",
    ),
    # An organisation's evidence
    path(EVIDENCE, evidence.evidence_list, name="evidence_list"),
    path(f"{EVIDENCE}add/<slug:kind>/", evidence.evidence_add, name="evidence_add"),
    path(f"{EVIDENCE}<int:item>/", evidence.evidence_item, name="evidence_item"),
    path(f"{EVIDENCE}<int:item>/change/", evidence.evidence_change, name="evidence_change"),
    path(f"{EVIDENCE}<int:item>/replace/", evidence.evidence_replace, name="evidence_replace"),
    path(f"{EVIDENCE}<int:item>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path(f"{EVIDENCE}files/<int:version>/", evidence.evidence_file, name="evidence_file"),
    # What is due for another look during the year
    path(f"{AGENCY}due/", freshness.due, name="due"),
    path(f"{AGENCY}due/<str:key>/checked/", freshness.due_checked, name="due_checked"),
    path(f"{AGENCY}copies/", copies.copies, name="copies"),
    path(f"{AGENCY}copies/<int:document>/", copies.copy, name="copy"),
    path(f"{AGENCY}copies/<int:document>/file/", copies.copy_file, name="copy_file"),
]
