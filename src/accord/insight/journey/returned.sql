-- Of the leads that entered a stage in the period by the agreement, those that sales returned since, by the reason
-- given last. Parameters: stage, first moment, first moment after, channel, segment; all but the stage may be null.
SELECT d.reason, CAST(sum(d.leads) AS BIGINT) AS leads
FROM return_days AS d
WHERE d.stage = CAST($1 AS VARCHAR)
    AND (CAST($2 AS TIMESTAMP) IS NULL OR d.at >= $2)
    AND (CAST($3 AS TIMESTAMP) IS NULL OR d.at < $3)
    AND (CAST($4 AS VARCHAR) IS NULL OR d.channel = $4)
    AND (CAST($5 AS VARCHAR) IS NULL OR d.segment = $5)
GROUP BY d.reason
ORDER BY leads DESC, d.reason
