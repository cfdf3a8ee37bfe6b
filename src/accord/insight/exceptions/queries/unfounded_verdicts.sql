-- By stage that asks for evidence: verdicts since a moment that have none, and entries by a verdict that has.
WITH stated AS (
    SELECT stage, evidence, TRUE AS unfounded
    FROM verdicts_without_evidence AS verdicts
    WHERE verdicts.at >= $1
    UNION ALL
    SELECT entries.stage, asked.evidence, FALSE AS unfounded
    FROM stage_entries AS entries
    JOIN stage_evidence AS asked ON entries.stage = asked.stage
    WHERE entries.basis = 'agreement' AND entries.at >= $1
)
SELECT stages.stage, stages.label, stated.evidence, count(*) AS verdicts,
    count(*) FILTER (WHERE stated.unfounded) AS unfounded
FROM stated
JOIN stages ON stated.stage = stages.stage
GROUP BY stages.stage_no, stages.stage, stages.label, stated.evidence
ORDER BY stages.stage_no
