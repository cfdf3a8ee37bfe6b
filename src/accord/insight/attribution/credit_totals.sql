-- Parameters: by, milestone, start, end, segment (or null).
SELECT coalesce(CASE WHEN k.touch IS NULL THEN '(none)'
                     WHEN $1 = 'channel' THEN t.channel
                     WHEN $1 = 'campaign' THEN coalesce(n.label, t.campaign)
                     WHEN $1 = 'team' THEN t.team
                     WHEN $1 = 'origin' THEN t.origin END,
                CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END) AS label,
       k.model, sum(k.share) AS conversions, CAST(sum(k.value) AS DECIMAL(38, 4)) AS value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
LEFT JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
LEFT JOIN leads AS l ON l.lead = c.lead
WHERE c.milestone = $2 AND c.converted_at >= $3 AND c.converted_at < $4
    AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
GROUP BY 1, 2
