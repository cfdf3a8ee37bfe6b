-- Leads that sales returned, by the local day they had entered each stage by the agreement, the reason given last, and
-- where they came from.
SELECT
    coalesce(grains.starts_utc, entries.at) AS at,
    entries.stage,
    back.reason,
    leads.channel,
    leads.segment,
    count(*) AS leads
FROM stage_entries AS entries
LEFT JOIN grains
    ON grains.day = CAST(entries.at AS DATE)
    AND entries.at >= grains.starts_utc
    AND entries.at < grains.ends_utc
JOIN lead_returns AS back ON entries.lead = back.lead
JOIN leads ON entries.lead = leads.lead
WHERE entries.basis = 'agreement'
GROUP BY 1, 2, 3, 4, 5
