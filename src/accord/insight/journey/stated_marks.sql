-- Verdicts, and a tool's moves that stand for one, as what lets a lead enter a stage; with the evidence the stage asks
-- for. A move that was deduced (`assumed`) already rests on what happened and is asked for none.
WITH marks AS (
    SELECT * FROM verdict_marks
    UNION ALL
    SELECT tools.*
    FROM tool_marks AS tools
    JOIN stages ON tools.stage = stages.stage
    WHERE stages.kind <> 'gate' AND coalesce(stages.enter, 'accepted') IN ('accepted', 'qualified')
)
SELECT marks.*, CASE WHEN NOT coalesce(marks.assumed, FALSE) THEN asked.evidence END AS evidence
FROM marks
LEFT JOIN stage_evidence AS asked ON marks.stage = asked.stage
