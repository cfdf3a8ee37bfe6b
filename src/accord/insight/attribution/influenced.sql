-- Conversions that a label had any touch in, each counted whole, so that labels overlap; `sourced` is where it had the
-- first. Parameters: by, milestone, start, end, segment and channel (or null).
WITH asked AS (
    SELECT c.conversion, c.value, c.group_no, c.window_from, c.converted_at
    FROM conversions AS c
    LEFT JOIN leads AS l ON l.lead = c.lead
    WHERE c.milestone = $2 AND c.converted_at >= $3 AND c.converted_at < $4
        AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
), touched AS (
    SELECT a.conversion, a.value, t.channel,
           row_number() OVER (PARTITION BY a.conversion ORDER BY t.touch) = 1 AS is_first,
           CASE CAST($1 AS VARCHAR)
               WHEN 'channel' THEN coalesce(t.channel, nameless.label)
               WHEN 'campaign' THEN coalesce(n.label, t.campaign, nameless.label)
               WHEN 'team' THEN t.team
               WHEN 'origin' THEN coalesce(t.origin, nameless.label)
               WHEN 'content' THEN coalesce(t.asset, nameless.label)
               ELSE coalesce(o.name, t.owner_id, CASE WHEN t.team = 'sales' THEN '(not set)' ELSE '(marketing)' END)
           END AS label
    FROM asked AS a
    JOIN buying_touches AS t ON t.group_no = a.group_no AND t.at BETWEEN a.window_from AND a.converted_at
    JOIN (VALUES ('sales', '(sales)'), ('marketing', '(not set)')) AS nameless (team, label) ON nameless.team = t.team
    LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
    LEFT JOIN owner_names AS o ON o.owner_id = t.owner_id
), each AS (
    SELECT label, conversion, max(value) AS value, bool_or(is_first) AS is_first
    FROM touched
    WHERE CAST($6 AS VARCHAR) IS NULL OR channel = $6
    GROUP BY label, conversion
)
SELECT label, count(*) AS influenced, CAST(sum(value) AS DECIMAL(38, 4)) AS influenced_value,
       count(*) FILTER (WHERE is_first) AS sourced,
       CAST(sum(value) FILTER (WHERE is_first) AS DECIMAL(38, 4)) AS sourced_value
FROM each
GROUP BY label
ORDER BY influenced_value DESC NULLS LAST, influenced DESC, label
