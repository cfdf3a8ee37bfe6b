-- Parameters: model, start, end, segment and channel (or null).
SELECT m.campaign, m.milestone, sum(m.conversions) AS conversions, CAST(sum(m.value) AS DECIMAL(38, 4)) AS value
FROM credit_months AS m
WHERE m.model = $1 AND m.at >= $2 AND m.at < $3
    AND (CAST($4 AS VARCHAR) IS NULL OR m.segment = $4)
    AND (CAST($5 AS VARCHAR) IS NULL OR m.channel = $5)
GROUP BY m.campaign, m.milestone
