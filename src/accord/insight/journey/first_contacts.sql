-- When a seller first reached out to each lead in person once a gate had been decided.
WITH gates AS (
    SELECT made.lead, min(made.decided_at) AS decided_at
    FROM decisions_made AS made
    JOIN stages ON made.stage = stages.stage AND stages.kind = 'gate'
    GROUP BY made.lead
)
SELECT ranges.lead, min(events.at) AS at
FROM timeline AS events
JOIN lead_ranges AS ranges
    ON events.person = ranges.person AND events.at >= ranges.opened_at AND events.at < ranges.next_at
JOIN gates ON ranges.lead = gates.lead AND events.at >= gates.decided_at
WHERE
    events.team = 'sales'
    AND events.counted
    AND events.quality = 'human'
    AND events.direction = 'outbound'
    AND events.kind NOT IN ('task', 'note')
GROUP BY ranges.lead
