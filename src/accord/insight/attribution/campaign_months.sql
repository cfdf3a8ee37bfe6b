-- Leads that count as such by the local month they were opened in and the campaign of their first touch, and what
-- became of them with sales: whether one was returned, and why.
SELECT coalesce(g.starts_utc, l.opened_at) AS at, coalesce(n.label, l.campaign) AS campaign, l.channel, l.segment,
       r.lead IS NOT NULL AS returned, r.reason, count(*) AS leads
FROM leads AS l
LEFT JOIN grains AS g
    ON g.day = CAST(l.opened_at AS DATE) AND l.opened_at >= g.starts_utc AND l.opened_at < g.ends_utc
LEFT JOIN campaign_labels AS n ON n.campaign_id = l.campaign
LEFT JOIN lead_returns AS r ON r.lead = l.lead
WHERE l.known
GROUP BY 1, 2, 3, 4, 5, 6
