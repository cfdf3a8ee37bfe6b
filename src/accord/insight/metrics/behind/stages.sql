-- Stages entered in the period by the agreement, and whether the lead has entered a later one since.
WITH furthest AS (
    SELECT lead, max(stage_no) AS stage_no
    FROM stage_entries
    WHERE basis = 'agreement'
    GROUP BY lead
)
SELECT e.lead, e.stage AS entered_stage, e.at, TRUE AS entered, f.stage_no > e.stage_no AS passed
FROM stage_entries AS e
CROSS JOIN asked AS a
JOIN leads AS l ON l.lead = e.lead
JOIN furthest AS f ON f.lead = e.lead
WHERE e.basis = 'agreement' AND e.at >= a.start_at AND e.at < a.end_at
    AND (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
