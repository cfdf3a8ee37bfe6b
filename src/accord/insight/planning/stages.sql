-- Of the leads that qualified at a stage ($1) between two moments ($2, $3), how many entered each stage; and as stage 0, how many
-- known leads began in that time.
SELECT
    stages.stage_no,
    stages.stage,
    stages.label,
    count(entries.lead) AS leads
FROM stages
LEFT JOIN (
    SELECT entered.stage, entered.lead
    FROM stage_entries AS entered
    JOIN decisions_made AS made ON entered.lead = made.lead AND made.stage = $1
    WHERE entered.basis = 'agreement' AND made.decided_at >= $2 AND made.decided_at < $3
) AS entries ON stages.stage = entries.stage
GROUP BY stages.stage_no, stages.stage, stages.label
UNION ALL
SELECT 0 AS stage_no, 'leads' AS stage, NULL AS label, count(*) AS leads
FROM leads
WHERE known AND opened_at >= $2 AND opened_at < $3
ORDER BY stage_no
