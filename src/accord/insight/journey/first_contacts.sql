-- When a seller first reached out to each lead in person once it had been qualified.
SELECT ranges.lead, min(events.at) AS at
FROM timeline AS events
JOIN lead_ranges AS ranges
    ON events.person = ranges.person AND events.at >= ranges.opened_at AND events.at < ranges.next_at
JOIN qualified_leads AS qualified ON ranges.lead = qualified.lead AND events.at >= qualified.at
WHERE
    events.team = 'sales'
    AND events.counted
    AND events.quality = 'human'
    AND events.direction = 'outbound'
    AND events.kind NOT IN ('task', 'note')
GROUP BY ranges.lead
