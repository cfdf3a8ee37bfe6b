-- The open leads that reached the handoff's stage, each with the route that is for it (0: no route holds), the owner
-- of its account (else of the person), and whether it qualified live rather than in history.
SELECT
    leads.lead,
    leads.person_id,
    leads.cycle_no,
    decided.stage,
    decided.decided_at,
    decided.version,
    coalesce(routes.route_no, 0) AS route_no,
    leads.account,
    leads.segment,
    leads.channel,
    coalesce(account_owners.email, person_owners.email) AS owner_email,
    leads.first_contact_at,
    live.at IS NOT NULL AS live
FROM decisions_made AS decided
JOIN handoff_stage ON decided.stage = handoff_stage.stage
JOIN leads ON decided.lead = leads.lead
LEFT JOIN lead_routes AS routes ON decided.lead = routes.lead
LEFT JOIN accounts ON leads.account = accounts.account
LEFT JOIN owner_names AS account_owners ON accounts.owner_id = account_owners.owner_id
LEFT JOIN owner_names AS person_owners ON leads.owner_id = person_owners.owner_id
LEFT JOIN live_moments AS live ON decided.decided_at = live.at
WHERE leads.known AND leads.closed_at IS NULL AND leads.excluded_by IS NULL
