-- Parameters: model, start, end, segment (or null).
SELECT coalesce(CASE WHEN k.touch IS NULL THEN '(none)' ELSE coalesce(n.label, t.campaign) END,
                CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END) AS campaign,
       c.milestone, sum(k.share) AS conversions, CAST(sum(k.value) AS DECIMAL(38, 4)) AS value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
LEFT JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
LEFT JOIN leads AS l ON l.lead = c.lead
WHERE k.model = $1 AND c.converted_at >= $2 AND c.converted_at < $3
    AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
GROUP BY 1, 2
