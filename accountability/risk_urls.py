"""The addresses of the risk list, of training needs and of the register of courses."""

from django.urls import path

from accountability.views import courses, risk_list

ROOM = "p/<slug:partnership>/desk/risk/"
RISK = f"{ROOM}cycles/<slug:cycle>/"
TRAINING = f"{RISK}training/"
COURSES = f"{ROOM}courses/"

patterns = [
    path(RISK, risk_list.risk_list, name="risk_list"),
    path(f"{RISK}file/<slug:file_format>/", risk_list.risk_list_file, name="risk_list_file"),
    path(f"{RISK}paper/", risk_list.risk_paper_request, name="risk_paper_request"),
    path(f"{RISK}papers/<int:document>/", risk_list.risk_paper, name="risk_paper"),
    path(f"{RISK}papers/<int:document>/file/", risk_list.risk_paper_file, name="risk_paper_file"),
    path(TRAINING, courses.training_needs, name="training_needs"),
    path(f"{TRAINING}file/<slug:file_format>/", courses.training_needs_file, name="training_needs_file"),
    path(ROOM, courses.courses, name="courses"),
    path(f"{COURSES}new/", courses.course_add, name="course_add"),
    path(f"{COURSES}<int:course>/", courses.course, name="course"),
    path(f"{COURSES}<int:course>/retire/", courses.course_retire, name="course_retire"),
    path(f"{COURSES}<int:course>/offer/", courses.course_offer, name="course_offer"),
]
