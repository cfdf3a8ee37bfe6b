-- Leads that are open now by the stage they have reached. Parameters: channel, segment; each may be null.
SELECT l.stage, count(*) AS leads,
       count(*) FILTER (WHERE l.stage_at < a.now - INTERVAL '30' DAY) AS over_30_days,
       min(l.stage_at) AS oldest_at
FROM leads AS l
CROSS JOIN as_of AS a
WHERE l.known AND l.closed_at IS NULL
    AND (CAST($1 AS VARCHAR) IS NULL OR l.channel = $1)
    AND (CAST($2 AS VARCHAR) IS NULL OR l.segment = $2)
GROUP BY l.stage
