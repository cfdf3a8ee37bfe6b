-- By stage the leads that entered it in the period by the agreement and as the tools recorded it, and what makes the
-- difference. Parameters: first moment, first moment after, channel, segment; each may be null.
WITH entered AS (
    SELECT e.lead, e.stage_no,
           min(e.at) FILTER (WHERE e.basis = 'agreement') AS agreed_at,
           min(e.at) FILTER (WHERE e.basis = 'tools') AS recorded_at
    FROM stage_entries AS e
    JOIN leads AS l ON l.lead = e.lead
    WHERE (CAST($3 AS VARCHAR) IS NULL OR l.channel = $3) AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
    GROUP BY e.lead, e.stage_no
), placed AS (
    SELECT entered.*,
           agreed_at IS NOT NULL
               AND (CAST($1 AS TIMESTAMP) IS NULL OR agreed_at >= $1)
               AND (CAST($2 AS TIMESTAMP) IS NULL OR agreed_at < $2) AS agreed,
           recorded_at IS NOT NULL
               AND (CAST($1 AS TIMESTAMP) IS NULL OR recorded_at >= $1)
               AND (CAST($2 AS TIMESTAMP) IS NULL OR recorded_at < $2) AS recorded
    FROM entered
)
SELECT s.stage_no, s.stage, count(*) FILTER (WHERE p.agreed) AS agreement, count(*) FILTER (WHERE p.recorded) AS tools,
       count(*) FILTER (WHERE p.agreed AND p.recorded_at IS NULL) AS never_recorded,
       count(*) FILTER (WHERE p.agreed AND NOT p.recorded AND p.recorded_at IS NOT NULL) AS recorded_elsewhen,
       count(*) FILTER (WHERE p.recorded AND p.agreed_at IS NULL) AS never_agreed,
       count(*) FILTER (WHERE p.recorded AND NOT p.agreed AND p.agreed_at IS NOT NULL) AS agreed_elsewhen
FROM stages AS s
LEFT JOIN placed AS p ON p.stage_no = s.stage_no
GROUP BY s.stage_no, s.stage
ORDER BY s.stage_no
