-- Leads that reached a stage in the period and ended there, by how they ended: of each stage together what the funnel
-- calls dropped. Parameters: first moment, first moment after, channel, segment; each may be null.
SELECT l.stage, l.closed_by, count(*) AS leads
FROM leads AS l
WHERE l.closed_at IS NOT NULL AND (l.known OR l.stage <> 'new')
    AND l.stage NOT IN (SELECT s.stage FROM stages AS s WHERE s.stage_no = (SELECT max(stage_no) FROM stages))
    AND (CAST($1 AS TIMESTAMP) IS NULL OR l.stage_at >= $1)
    AND (CAST($2 AS TIMESTAMP) IS NULL OR l.stage_at < $2)
    AND (CAST($3 AS VARCHAR) IS NULL OR l.channel = $3)
    AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
GROUP BY l.stage, l.closed_by
ORDER BY leads DESC, l.closed_by
