-- Moments that end a person's cycle: a deal won, a deal lost while the person has no other open deal, a verdict
-- or a move of a tool to disqualified or recycled. One per moment, the strongest; none that is still to come.
WITH endings AS (
    SELECT person, closed_at AS at, 'won' AS closed_by, 1 AS weight
    FROM deals_counted
    WHERE status = 'won' AND person IS NOT NULL
    UNION ALL
    SELECT lost.person, lost.closed_at AS at, 'lost' AS closed_by, 2 AS weight
    FROM deals_counted AS lost
    ANTI JOIN deals_counted AS other
        ON lost.person = other.person
        AND lost.deal <> other.deal
        AND other.created_at <= lost.closed_at
        AND (other.closed_at IS NULL OR other.closed_at > lost.closed_at)
    WHERE lost.status = 'lost' AND lost.person IS NOT NULL
    UNION ALL
    SELECT actors.person, said.occurred_at AS at, said.verdict AS closed_by,
        CASE said.verdict WHEN 'disqualified' THEN 3 ELSE 4 END AS weight
    FROM facts.feedback AS said
    JOIN actors ON said.actor = actors.actor
    WHERE said.kind = 'verdict' AND said.verdict IN ('disqualified', 'recycled')
    UNION ALL
    SELECT actors.person, moved.occurred_at AS at, moved.stage AS closed_by,
        CASE moved.stage WHEN 'disqualified' THEN 3 ELSE 4 END AS weight
    FROM facts.stage_moves AS moved
    JOIN actors ON moved.actor = actors.actor
    WHERE moved.stage IN ('disqualified', 'recycled')
    UNION ALL
    SELECT actors.person, moved.occurred_at AS at, 'recycled' AS closed_by, 4 AS weight
    FROM facts.handoff_moves AS moved
    JOIN actors ON moved.actor = actors.actor
    WHERE moved.move = 'recycled'
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person, endings.at ORDER BY weight) AS nth
    FROM endings
    CROSS JOIN as_of
    WHERE endings.at <= as_of.now
)
SELECT person, ranked.at, closed_by FROM ranked WHERE nth = 1
