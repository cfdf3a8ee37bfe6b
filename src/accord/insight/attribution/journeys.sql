-- Journeys as credit from data reads them: how and when each ended, and its touches in their order, as channels and as
-- campaigns. What has no name stands as in credit_months.
WITH named AS (
    SELECT
        t.journey, t.at, t.fact_id,
        coalesce(t.channel, CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END) AS channel,
        coalesce(n.label, t.campaign, CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END) AS campaign
    FROM journey_touches AS t
    LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
), listed AS (
    SELECT journey, list_sort(list({'at': "at", 'fact': fact_id, 'channel': channel, 'campaign': campaign})) AS touches
    FROM named
    GROUP BY journey
)
SELECT
    s.journey, s.milestone, s.ended_at, s.outcome, s.value, s.segment, s.unit_no,
    list_transform(l.touches, lambda x: x.channel) AS channels,
    list_transform(l.touches, lambda x: x.campaign) AS campaigns
FROM journey_spans AS s
LEFT JOIN listed AS l ON l.journey = s.journey
