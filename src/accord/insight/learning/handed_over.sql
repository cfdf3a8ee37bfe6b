-- Every lead that qualified at a stage ($1): on what, whom it went to, what sales said first, what became of it.
WITH said AS (
    SELECT
        verdicts.lead,
        verdicts."at",
        verdicts.verdict,
        verdicts.reason,
        verdicts.owner_id,
        row_number() OVER (PARTITION BY verdicts.lead ORDER BY verdicts."at", verdicts.verdict) AS nth
    FROM lead_verdicts AS verdicts
    JOIN decisions_made AS made ON verdicts.lead = made.lead AND made.stage = $1
    WHERE verdicts.verdict IN ('accepted', 'returned') AND verdicts."at" >= made.decided_at
), reached AS (
    SELECT
        entries.lead,
        min(CASE WHEN stages.enter = 'deal_open' THEN entries."at" END) AS opportunity_at,
        min(CASE WHEN stages.enter = 'deal_won' THEN entries."at" END) AS won_at
    FROM stage_entries AS entries
    JOIN stages ON entries.stage = stages.stage
    WHERE entries.basis = 'agreement'
    GROUP BY entries.lead
)
SELECT
    made.lead,
    leads.person_id,
    listed.name,
    listed.company,
    leads.segment,
    leads.channel,
    made.decided_at,
    made.version,
    made.hits,
    made.inputs,
    coalesce(owners.owner, said.owner_id) AS said_by,
    coalesce(owners.name, said.owner_id) AS said_by_name,
    said.verdict,
    said.reason,
    said."at" AS said_at,
    leads.first_contact_at,
    reached.opportunity_at,
    reached.won_at
FROM decisions_made AS made
JOIN leads ON made.lead = leads.lead
LEFT JOIN lead_list AS listed ON made.lead = listed.lead
LEFT JOIN said ON made.lead = said.lead AND said.nth = 1
LEFT JOIN owner_names AS owners ON said.owner_id = owners.owner_id
LEFT JOIN reached ON made.lead = reached.lead
WHERE made.stage = $1
ORDER BY made.decided_at, made.lead
