-- Parameters: by, milestone, start, end, segment and channel (or null).
SELECT CASE CAST($1 AS VARCHAR)
           WHEN 'channel' THEN m.channel
           WHEN 'campaign' THEN m.campaign
           WHEN 'team' THEN m.team
           WHEN 'origin' THEN m.origin END AS label,
       m.model, sum(m.conversions) AS conversions, CAST(sum(m.value) AS DECIMAL(38, 4)) AS value
FROM credit_months AS m
WHERE m.milestone = $2 AND m.at >= $3 AND m.at < $4
    AND (CAST($5 AS VARCHAR) IS NULL OR m.segment = $5)
    AND (CAST($6 AS VARCHAR) IS NULL OR m.channel = $6)
GROUP BY 1, 2
