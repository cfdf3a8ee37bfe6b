-- Parameters: by, milestone, start, end, segment (or null).
SELECT coalesce(CASE WHEN c.fact_id IS NULL THEN '(none)'
                     WHEN $1 = 'channel' THEN c.channel
                     WHEN $1 = 'campaign' THEN coalesce(n.label, c.campaign)
                     WHEN $1 = 'team' THEN c.team
                     WHEN $1 = 'origin' THEN c.origin END, '(not set)') AS label,
       c.model, sum(c.share) AS conversions, CAST(sum(c.value) AS DECIMAL(38, 4)) AS value
FROM credits AS c
LEFT JOIN campaign_labels AS n ON n.campaign_id = c.campaign
LEFT JOIN leads AS l ON l.lead = c.lead
WHERE c.milestone = $2 AND c.converted_at >= $3 AND c.converted_at < $4
    AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
GROUP BY 1, 2
