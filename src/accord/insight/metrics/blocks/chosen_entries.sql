-- Stages entered by the agreement, of the leads asked for.
SELECT e.lead, e.stage_no, e.stage, e.at AS entered_at
FROM stage_entries AS e
JOIN chosen_leads AS l ON l.lead = e.lead
WHERE e.basis = 'agreement'
