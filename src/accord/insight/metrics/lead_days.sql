-- Leads by the local day they were opened on, their channel and segment: how many count as leads, how many of these
-- have become customers since, and how many are left out.
SELECT coalesce(g.starts_utc, l.opened_at) AS at, l.channel, l.segment,
       count(*) FILTER (WHERE l.known) AS opened,
       count(*) FILTER (WHERE l.known AND won.lead IS NOT NULL) AS became_customers,
       count(*) FILTER (WHERE NOT l.known) AS left_out
FROM leads AS l
LEFT JOIN grains AS g
    ON g.day = CAST(l.opened_at AS DATE) AND l.opened_at >= g.starts_utc AND l.opened_at < g.ends_utc
LEFT JOIN (
    SELECT DISTINCT e.lead
    FROM stage_entries AS e
    JOIN stages AS s ON s.stage = e.stage
    WHERE e.basis = 'agreement' AND s.enter = 'deal_won'
) AS won ON won.lead = l.lead
GROUP BY 1, 2, 3
