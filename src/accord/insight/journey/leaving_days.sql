-- Leads that ended in the stage they had reached, by the local day they had entered it, how they ended, and where they
-- came from. Who reached the last stage has not left.
SELECT
    coalesce(grains.starts_utc, leads.stage_at) AS at,
    leads.stage,
    leads.closed_by,
    leads.channel,
    leads.segment,
    count(*) AS leads
FROM leads
LEFT JOIN grains
    ON grains.day = CAST(leads.stage_at AS DATE)
    AND leads.stage_at >= grains.starts_utc
    AND leads.stage_at < grains.ends_utc
WHERE
    leads.closed_at IS NOT NULL
    AND (leads.known OR leads.stage <> 'new')
    AND leads.stage NOT IN (SELECT stage FROM stages WHERE stage_no = (SELECT max(stage_no) FROM stages))
GROUP BY 1, 2, 3, 4, 5
