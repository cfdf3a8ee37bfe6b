-- When each grade of evidence was first seen of a lead: what a seller, not a sequence, did and a tool recorded.
--   human_outbound  anything outbound but tasks and notes
--   conversation    a call that was answered, a mail, message or other approach from the person, a meeting held
--   meeting_set     a call that ended so, or a meeting or demo in the calendar, whatever came of it
--   meeting_held    a meeting or demo that took place, or is over and the tool tells no outcome
WITH done AS (
    SELECT
        ranges.lead,
        events.at,
        events.kind,
        events.direction,
        coalesce(events.outcome, '') AS outcome,
        events.kind IN ('meeting', 'demo')
        AND coalesce(events.outcome, 'held') IN ('held', 'completed', 'demo_completed', 'connected') AS held
    FROM timeline AS events
    JOIN lead_ranges AS ranges
        ON events.person = ranges.person AND events.at >= ranges.opened_at AND events.at < ranges.next_at
    WHERE
        events.team = 'sales'
        AND events.counted
        AND events.quality = 'human'
        AND events.kind NOT IN ('task', 'note')
), graded AS (
    SELECT lead, 'human_outbound' AS evidence, done.at FROM done WHERE direction = 'outbound'
    UNION ALL
    SELECT lead, 'conversation' AS evidence, done.at
    FROM done
    WHERE
        held
        OR outcome = 'meeting_set'
        OR (kind = 'call' AND outcome IN ('connected', 'held', 'completed'))
        OR (kind NOT IN ('call', 'meeting', 'demo') AND direction = 'inbound')
    UNION ALL
    SELECT lead, 'meeting_set' AS evidence, done.at
    FROM done
    WHERE outcome = 'meeting_set' OR kind IN ('meeting', 'demo')
    UNION ALL
    SELECT lead, 'meeting_held' AS evidence, done.at FROM done WHERE held
)
SELECT graded.lead, evidence, min(graded.at) AS at
FROM graded
GROUP BY graded.lead, evidence
