-- Verdicts, moves and deals that let a lead enter a stage by the agreement: at once where the stage has no
-- condition, else at the first moment from then on at which its condition holds.
WITH marks AS (
    SELECT * FROM evidenced_marks
    UNION ALL
    SELECT * FROM deal_marks
), holding AS (
    SELECT
        stage_when.lead,
        stage,
        holds,
        stage_when.at AS from_at,
        coalesce(
            lead(stage_when.at) OVER (PARTITION BY stage_when.lead, stage ORDER BY stage_when.at),
            TIMESTAMP '9999-12-31'
        ) AS until_at
    FROM stage_when
), conditional AS (
    SELECT DISTINCT stage FROM stage_when
)
SELECT marks.* FROM marks ANTI JOIN conditional ON marks.stage = conditional.stage
UNION ALL
SELECT
    marks.lead,
    marks.stage,
    greatest(marks.at, holding.from_at) AS at,
    marks.by,
    marks.assumed,
    marks.source
FROM marks
JOIN holding ON marks.lead = holding.lead AND marks.stage = holding.stage AND holding.until_at > marks.at
JOIN lead_ranges AS ranges ON marks.lead = ranges.lead AND holding.from_at < ranges.next_at
WHERE holding.holds AND holding.from_at < holding.until_at
