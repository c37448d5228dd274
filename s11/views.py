"""The pages on top: what this is, where one's own organisations and partnerships are, and each partnership's front."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("s11")


health = home = accessibility = privacy = cookies = contact = partnership = desk = agency = front
