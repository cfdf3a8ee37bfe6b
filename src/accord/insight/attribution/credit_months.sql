-- Credits summed by the local month of their conversion and by all that reports split and filter them by. What has no
-- name stands under '(sales)' for a seller's touch, else under '(not set)'; '(none)' is credit no touch has earned.
WITH converted AS (
    SELECT c.conversion, c.milestone, l.segment, coalesce(g.starts_utc, c.converted_at) AS at
    FROM conversions AS c
    LEFT JOIN grains AS g
        ON g.day = CAST(c.converted_at AS DATE) AND c.converted_at >= g.starts_utc AND c.converted_at < g.ends_utc
    LEFT JOIN leads AS l ON l.lead = c.lead
), touched AS (
    SELECT t.touch, t.team, t.channel, coalesce(n.label, t.campaign) AS campaign, t.origin,
           CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END AS nameless
    FROM buying_touches AS t
    LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
)
SELECT c.at, k.model, c.milestone, c.segment,
       CASE WHEN k.touch IS NULL THEN '(none)' ELSE coalesce(t.channel, t.nameless) END AS channel,
       CASE WHEN k.touch IS NULL THEN '(none)' ELSE coalesce(t.campaign, t.nameless) END AS campaign,
       CASE WHEN k.touch IS NULL THEN '(none)' ELSE coalesce(t.team, t.nameless) END AS team,
       CASE WHEN k.touch IS NULL THEN '(none)' ELSE coalesce(t.origin, t.nameless) END AS origin,
       sum(k.share) AS conversions, sum(k.value) AS value
FROM credits AS k
JOIN converted AS c ON c.conversion = k.conversion
LEFT JOIN touched AS t ON t.touch = k.touch
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
