-- Per stage: the leads that entered it in the period, and how many of them have entered a later stage since.
WITH furthest AS (
    SELECT lead, max(stage_no) AS stage_no
    FROM chosen_entries
    GROUP BY lead
)
SELECT s.stage_no, s.stage, count(e.lead) AS entered,
       count(e.lead) FILTER (WHERE f.stage_no > s.stage_no) AS passed
FROM stages AS s
CROSS JOIN asked AS a
LEFT JOIN chosen_entries AS e ON e.stage = s.stage AND e.entered_at >= a.start_at AND e.entered_at < a.end_at
LEFT JOIN furthest AS f ON f.lead = e.lead
GROUP BY s.stage_no, s.stage
ORDER BY s.stage_no
