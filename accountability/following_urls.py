"""The addresses of what follows a meeting: an agency's answers, and on the desk how what was agreed goes."""

from django.urls import path

from accountability.views import dashboard, recommendations, verifying

ROUND = "p/<slug:partnership>/desk/meetings/<slug:cycle>/"
PROGRESS = f"{ROUND}progress/"
FOLLOWED = f"{ROUND}<slug:organisation>/recommendations/"
ONE_FOLLOWED = f"{FOLLOWED}<int:number>/"
OWN = "p/<slug:partnership>/o/<slug:organisation>/meetings/<slug:cycle>/"
OWN_ONE = f"{OWN}recommendations/<int:number>/"

patterns = [
    # An agency's own
    path(f"{OWN}recommendations/", recommendations.agency_recommendations, name="agency_recommendations"),
    path(OWN_ONE, recommendations.agency_recommendation, name="agency_recommendation"),
    path(f"{OWN_ONE}action/", recommendations.recommendation_action, name="recommendation_action"),
    path(f"{OWN_ONE}refuse/", recommendations.recommendation_refuse, name="recommendation_refuse"),
    path(f"{OWN}good-practice/<int:practice>/", recommendations.practice_shared, name="practice_shared"),
    # On the desk
    path(PROGRESS, dashboard.progress, name="progress"),
    path(f"{PROGRESS}list/", dashboard.progress_list, name="progress_list"),
    path(f"{FOLLOWED}letter/", verifying.late_letter, name="late_letter"),
    path(f"{FOLLOWED}letter/<int:letter>/file/", verifying.late_letter_file, name="late_letter_file"),
    path(ONE_FOLLOWED, verifying.followed, name="followed"),
    path(f"{ONE_FOLLOWED}decide/", verifying.followed_decide, name="followed_decide"),
    path(f"{ONE_FOLLOWED}verify/", verifying.followed_verify, name="followed_verify"),
]
