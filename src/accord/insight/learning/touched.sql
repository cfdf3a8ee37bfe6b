-- What each lead had done by the moment it qualified: counted human touches known by then, and where it came from.
WITH touches AS (
    SELECT
        decided.lead,
        events.kind,
        events.channel,
        row_number() OVER (PARTITION BY decided.lead ORDER BY events."at", events.fact_id) AS nth
    FROM decisions_computed AS decided
    JOIN cycles ON decided.lead = cycles.lead
    JOIN timeline AS events
        ON decided.person = events.person
        AND events."at" >= cycles.from_at
        AND events."at" < cycles.until_at
        AND events.known_at <= decided.decided_at
    WHERE decided.stage = $1 AND events.team = 'marketing' AND events.counted AND events.quality = 'human'
)
SELECT
    decided.lead,
    count(touches.lead) AS touches,
    count(DISTINCT touches.kind) AS kinds_of_touches,
    max(CASE WHEN touches.nth = 1 THEN touches.channel END) AS channel,
    (epoch(decided.decided_at) - epoch(cycles.opened_at)) / 86400.0 AS days_until_qualified
FROM decisions_computed AS decided
JOIN cycles ON decided.lead = cycles.lead
LEFT JOIN touches ON decided.lead = touches.lead
WHERE decided.stage = $1
GROUP BY decided.lead, decided.decided_at, cycles.opened_at
