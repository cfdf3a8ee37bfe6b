from django.urls import path

from accord.desk.handoff import chat_views, contest_views, link_views, live_views, team_views, views

urlpatterns = [
    path("queue", views.queue, name="queue"),
    path("live", live_views.live, name="live"),
    path("live/shadow", live_views.shadow, name="shadow"),
    path("handoffs-of/<path:name>", views.on_lead, name="handoffs-of"),
    path("team", team_views.team, name="team"),
    path("team/list", team_views.team_list, name="team-list"),
    path("queue/list", views.queue_list, name="queue-list"),
    path("handoffs/<int:pk>/accept", views.accept, name="handoff-accept"),
    path("handoffs/<int:pk>/answer", views.answer, name="handoff-answer"),
    path("handoffs/<int:pk>/hold", views.hold, name="handoff-hold"),
    path("handoffs/<int:pk>/contest", contest_views.contest, name="handoff-contest"),
    path("contests/<int:pk>/decide", contest_views.decide, name="contest-decide"),
    path("handoffs/<int:pk>/receipts.json", views.receipts, name="handoff-receipts"),
    path("hooks/slack", chat_views.slack, name="slack-hook"),
    path("answers/<int:pk>/<int:clock>/<slug:what>", link_views.answer, name="answer-link"),
]
