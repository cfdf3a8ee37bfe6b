-- Of the leads that entered a stage in the period by the agreement, those that sales returned since, by the reason
-- given last. Parameters: stage, first moment, first moment after, channel, segment; all but the stage may be null.
SELECT r.reason, count(*) AS leads
FROM stage_entries AS e
JOIN lead_returns AS r ON r.lead = e.lead
JOIN leads AS l ON l.lead = e.lead
WHERE e.basis = 'agreement' AND e.stage = CAST($1 AS VARCHAR)
    AND (CAST($2 AS TIMESTAMP) IS NULL OR e.at >= $2)
    AND (CAST($3 AS TIMESTAMP) IS NULL OR e.at < $3)
    AND (CAST($4 AS VARCHAR) IS NULL OR l.channel = $4)
    AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
GROUP BY r.reason
ORDER BY leads DESC, r.reason
