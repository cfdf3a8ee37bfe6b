-- When each lead was qualified: the first decision of the stage at which marketing hands over.
SELECT made.lead, min(made.decided_at) AS at
FROM decisions_made AS made
JOIN handoff_stage ON made.stage = handoff_stage.stage
GROUP BY made.lead
