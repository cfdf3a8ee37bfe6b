-- When each lead entered each stage by the agreement, and when as the tools recorded it; one of both may be null.
SELECT
    entries.lead,
    entries.stage_no,
    leads.channel,
    leads.segment,
    min(entries.at) FILTER (WHERE entries.basis = 'agreement') AS agreed_at,
    min(entries.at) FILTER (WHERE entries.basis = 'tools') AS recorded_at
FROM stage_entries AS entries
JOIN leads ON entries.lead = leads.lead
GROUP BY entries.lead, entries.stage_no, leads.channel, leads.segment
