-- Leads that reached a stage in the period and ended there, by how they ended: of each stage together what the funnel
-- calls dropped. Parameters: first moment, first moment after, channel, segment; each may be null.
SELECT d.stage, d.closed_by, CAST(sum(d.leads) AS BIGINT) AS leads
FROM leaving_days AS d
WHERE (CAST($1 AS TIMESTAMP) IS NULL OR d.at >= $1)
    AND (CAST($2 AS TIMESTAMP) IS NULL OR d.at < $2)
    AND (CAST($3 AS VARCHAR) IS NULL OR d.channel = $3)
    AND (CAST($4 AS VARCHAR) IS NULL OR d.segment = $4)
GROUP BY d.stage, d.closed_by
ORDER BY leads DESC, d.closed_by
