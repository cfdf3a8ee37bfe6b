-- What sales said of each lead, with the reason: verdicts, and steps of the handoff that stand for one.
WITH said AS (
    SELECT actor, occurred_at AS at, verdict, reason, note, owner_id, source, fact_id
    FROM facts.feedback
    WHERE kind = 'verdict' AND verdict IS NOT NULL
    UNION ALL
    SELECT actor, occurred_at AS at, move AS verdict, reason, note, owner_id, source, fact_id
    FROM facts.handoff_moves
    WHERE move IN ('accepted', 'returned', 'recycled')
)
SELECT
    ranges.lead,
    said.at,
    said.verdict,
    said.reason,
    said.note,
    said.owner_id,
    said.source,
    row_number() OVER (PARTITION BY ranges.lead ORDER BY said.at DESC, said.fact_id) AS nth_last
FROM said
JOIN actors ON said.actor = actors.actor
JOIN lead_ranges AS ranges
    ON actors.person = ranges.person AND said.at >= ranges.opened_at AND said.at < ranges.next_at
CROSS JOIN as_of
WHERE said.at <= as_of.now
