-- The leads that entered each stage by local day, by the agreement and as the tools recorded it, counted by where they
-- came from, what came of them (0 open, 1 converted, 2 dropped) and after how many hours: whole ones in the first three
-- days, then whole days; for leads still open always whole days. Stage 0 is the opening of a lead that is known.
WITH bases AS (
    SELECT 'agreement' AS basis
    UNION ALL
    SELECT 'tools' AS basis
), firsts AS (
    SELECT basis, lead, min(stage_entries.at) AS at FROM stage_entries GROUP BY basis, lead
), followed AS (
    SELECT bases.basis, leads.lead, 0 AS stage_no, leads.opened_at AS at, firsts.at AS later_at
    FROM leads
    CROSS JOIN bases
    LEFT JOIN firsts ON leads.lead = firsts.lead AND bases.basis = firsts.basis
    WHERE leads.known
    UNION ALL
    SELECT
        basis,
        lead,
        stage_no,
        stage_entries.at,
        min(stage_entries.at) OVER (
            PARTITION BY basis, lead ORDER BY stage_no ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS later_at
    FROM stage_entries
), ended AS (
    SELECT
        coalesce(grains.starts_utc, followed.at) AS at,
        followed.basis,
        followed.stage_no,
        leads.channel,
        leads.segment,
        leads.campaign,
        CASE WHEN followed.later_at IS NOT NULL THEN 1 WHEN leads.closed_at IS NOT NULL THEN 2 ELSE 0 END AS outcome,
        greatest(
            epoch(coalesce(followed.later_at, leads.closed_at, as_of.now)) - epoch(followed.at), 0
        ) / 3600.0 AS hours
    FROM followed
    LEFT JOIN grains
        ON grains.day = CAST(followed.at AS DATE)
        AND followed.at >= grains.starts_utc
        AND followed.at < grains.ends_utc
    JOIN leads ON followed.lead = leads.lead
    CROSS JOIN as_of
)
SELECT
    ended.at,
    basis,
    stage_no,
    channel,
    segment,
    campaign,
    outcome,
    CAST(
        CASE WHEN outcome = 0 OR hours >= 72 THEN 24 * floor(hours / 24.0) ELSE floor(hours) END AS BIGINT
    ) AS hours,
    count(*) AS leads
FROM ended
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
