-- Parameters: model, start, end, segment (or null).
SELECT coalesce(CASE WHEN c.fact_id IS NULL THEN '(none)' ELSE coalesce(n.label, c.campaign) END, '(not set)')
           AS campaign,
       c.milestone, sum(c.share) AS conversions, CAST(sum(c.value) AS DECIMAL(38, 4)) AS value
FROM credits AS c
LEFT JOIN campaign_labels AS n ON n.campaign_id = c.campaign
LEFT JOIN leads AS l ON l.lead = c.lead
WHERE c.model = $1 AND c.converted_at >= $2 AND c.converted_at < $3
    AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
GROUP BY 1, 2
