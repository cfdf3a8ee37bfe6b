-- What credit is made for: every stage of the agreement, and `expansion`, a deal won with who was a customer before
-- (unless a stage is called so).
SELECT stage_no, stage, enter FROM stages
UNION ALL
SELECT max(stage_no) + 1 AS stage_no, 'expansion' AS stage, 'expansion' AS enter
FROM stages
HAVING count(*) FILTER (WHERE stage = 'expansion') = 0
