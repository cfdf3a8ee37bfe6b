-- Value of the period's wins credited to the campaigns and channels that cost something in it; null without a model.
WITH spent AS (
    SELECT DISTINCT s.span, v.channel, v.campaign
    FROM spend_values AS v
    JOIN board_spans AS s ON v.at >= s.start_at AND v.at < s.end_at
), costly_channels AS (
    SELECT DISTINCT span, channel FROM spent WHERE channel IS NOT NULL
), costly_campaigns AS (
    SELECT span, CAST(NULL AS VARCHAR) AS asked_channel, campaign FROM spent WHERE campaign IS NOT NULL
    UNION
    SELECT span, channel AS asked_channel, campaign FROM spent WHERE campaign IS NOT NULL AND channel IS NOT NULL
), credited AS (
    SELECT s.span, w.channel, w.campaign, sum(w.value) AS value
    FROM win_credits AS w
    JOIN board_spans AS s ON w.at >= s.start_at AND w.at < s.end_at
    GROUP BY s.span, w.channel, w.campaign
), found AS (
    SELECT a.span, a.filter, sum(k.value) AS value
    FROM asked AS a
    JOIN credited AS k ON k.span = a.span AND (a.channel IS NULL OR k.channel = a.channel)
    LEFT JOIN costly_channels AS h ON h.span = k.span AND h.channel = k.channel
    LEFT JOIN costly_campaigns AS g
        ON g.span = k.span AND g.campaign = k.campaign AND g.asked_channel IS NOT DISTINCT FROM a.channel
    WHERE h.channel IS NOT NULL OR g.campaign IS NOT NULL
    GROUP BY a.span, a.filter
)
SELECT a.span, a.filter, CASE WHEN m.models > 0 THEN coalesce(d.value, 0) END AS value
FROM asked AS a
CROSS JOIN (SELECT count(*) AS models FROM attribution_models) AS m
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
