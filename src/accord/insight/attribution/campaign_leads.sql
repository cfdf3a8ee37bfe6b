-- Parameters: start, end, segment and channel (or null).
SELECT coalesce(m.campaign, '(not set)') AS campaign, m.segment, m.returned, m.reason,
       CAST(sum(m.leads) AS BIGINT) AS leads
FROM campaign_months AS m
WHERE m.at >= $1 AND m.at < $2
    AND (CAST($3 AS VARCHAR) IS NULL OR m.segment = $3)
    AND (CAST($4 AS VARCHAR) IS NULL OR m.channel = $4)
GROUP BY 1, 2, 3, 4
