-- What became of every lead: whether sales worked it, and when it was accepted, became an opportunity, was won.
-- Whoever opens or wins a deal was worked, whatever the tools noted of it.
WITH said AS (
    SELECT lead, min("at") AS "at", min(CASE WHEN verdict = 'accepted' THEN "at" END) AS accepted_at
    FROM lead_verdicts
    GROUP BY lead
), reached AS (
    SELECT
        entries.lead,
        min(CASE WHEN stages.enter = 'deal_open' THEN entries."at" END) AS opportunity_at,
        min(CASE WHEN stages.enter = 'deal_won' THEN entries."at" END) AS won_at,
        min(CASE WHEN stages.enter = 'accepted' THEN entries."at" END) AS accepted_at
    FROM stage_entries AS entries
    JOIN stages ON entries.stage = stages.stage
    WHERE entries.basis = 'agreement'
    GROUP BY entries.lead
)
SELECT
    leads.person_id,
    leads.cycle_no,
    listed.name,
    listed.company,
    leads.segment,
    leads.channel,
    leads.first_contact_at IS NOT NULL OR said."at" IS NOT NULL OR reached.opportunity_at IS NOT NULL
    OR reached.won_at IS NOT NULL AS worked,
    least(said.accepted_at, reached.accepted_at) AS accepted_at,
    reached.opportunity_at,
    reached.won_at
FROM leads
LEFT JOIN lead_list AS listed ON leads.lead = listed.lead
LEFT JOIN said ON leads.lead = said.lead
LEFT JOIN reached ON leads.lead = reached.lead
WHERE leads.person_id IS NOT NULL
