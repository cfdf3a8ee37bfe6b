-- The marks that count: at once, or from the first evidence on where the stage asks for some.
SELECT
    marks.lead,
    marks.stage,
    CASE WHEN marks.evidence IS NULL THEN marks.at ELSE greatest(marks.at, seen.at) END AS at,
    marks.by,
    marks.assumed,
    marks.source
FROM stated_marks AS marks
LEFT JOIN evidence_seen AS seen ON marks.lead = seen.lead AND marks.evidence = seen.evidence
WHERE marks.evidence IS NULL OR seen.at IS NOT NULL
