-- Verdicts, and moves that stand for one, whose lead has none of the evidence the stage asks for: they enter nothing.
SELECT marks.lead, marks.stage, marks.at, marks.by, marks.source, marks.evidence
FROM stated_marks AS marks
ANTI JOIN evidence_seen AS seen ON marks.lead = seen.lead AND marks.evidence = seen.evidence
CROSS JOIN as_of
WHERE marks.evidence IS NOT NULL AND marks.at <= as_of.now
