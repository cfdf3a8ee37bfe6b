-- The leads that sales returned: when last, and the reason given.
WITH said AS (
    SELECT actor, occurred_at AS at, reason, fact_id
    FROM facts.feedback
    WHERE kind = 'verdict' AND verdict = 'returned'
    UNION ALL
    SELECT actor, occurred_at AS at, reason, fact_id FROM facts.handoff_moves WHERE move = 'returned'
), ranked AS (
    SELECT
        ranges.lead,
        said.at,
        said.reason,
        row_number() OVER (
            PARTITION BY ranges.lead
            ORDER BY said.at DESC, CASE WHEN said.reason IS NULL THEN 1 ELSE 0 END, said.fact_id
        ) AS nth
    FROM said
    CROSS JOIN as_of
    JOIN actors ON said.actor = actors.actor
    JOIN lead_ranges AS ranges
        ON actors.person = ranges.person AND said.at >= ranges.opened_at AND said.at < ranges.next_at
    WHERE said.at <= as_of.now
)
SELECT ranked.lead, ranked.at, ranked.reason FROM ranked WHERE nth = 1
