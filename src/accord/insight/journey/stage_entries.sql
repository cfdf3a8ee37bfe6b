-- When each lead first entered each stage: by the agreement (gates decided, verdicts, moves, deals), and as the
-- tools recorded it (moves, deals). What is dated after the moment looked from has not happened yet.
WITH marks AS (
    SELECT 'agreement' AS basis, made.lead, made.stage, made.decided_at AS at, 'gate' AS by, FALSE AS assumed,
        'accord' AS source
    FROM decisions_made AS made
    JOIN stages ON made.stage = stages.stage
    WHERE stages.kind = 'gate'
    UNION ALL
    SELECT 'agreement' AS basis, marks.* FROM conditional_marks AS marks
    UNION ALL
    SELECT 'tools' AS basis, marks.* FROM tool_marks AS marks
    UNION ALL
    SELECT 'tools' AS basis, marks.* FROM deal_marks AS marks
), ranked AS (
    SELECT
        marks.*,
        row_number() OVER (
            PARTITION BY marks.lead, basis, stage ORDER BY marks.at, assumed, marks.by, source
        ) AS nth
    FROM marks
    CROSS JOIN as_of
    WHERE marks.at <= as_of.now
)
SELECT
    ranked.lead,
    cycles.person,
    stages.stage_no,
    ranked.stage,
    ranked.basis,
    ranked.at,
    ranked.by,
    ranked.assumed,
    ranked.source
FROM ranked
JOIN cycles ON ranked.lead = cycles.lead
JOIN stages ON ranked.stage = stages.stage
WHERE ranked.nth = 1
