-- On which days (UTC) each source brought facts of which table, up to now: how many, the newest, when it was recorded.
-- What has no moment of its own, but that of its recording, has no day. What Accord writes itself is no source.
WITH found AS (
    SELECT source, 'people' AS fact, occurred_at, recorded_at FROM facts.people
    UNION ALL
    SELECT source, 'accounts' AS fact, occurred_at, recorded_at FROM facts.accounts
    UNION ALL
    SELECT source, 'owners' AS fact, occurred_at, recorded_at FROM facts.owners
    UNION ALL
    SELECT source, 'campaigns' AS fact, occurred_at, recorded_at FROM facts.campaigns
    UNION ALL
    SELECT source, 'touches' AS fact, occurred_at, recorded_at FROM facts.touches
    UNION ALL
    SELECT source, 'activities' AS fact, occurred_at, recorded_at FROM facts.activities
    UNION ALL
    SELECT source, 'source_leads' AS fact, occurred_at, recorded_at FROM facts.source_leads
    UNION ALL
    SELECT source, 'stage_moves' AS fact, occurred_at, recorded_at FROM facts.stage_moves
    UNION ALL
    SELECT source, 'deals' AS fact, occurred_at, recorded_at FROM facts.deals
    UNION ALL
    SELECT source, 'deal_moves' AS fact, occurred_at, recorded_at FROM facts.deal_moves
    UNION ALL
    SELECT source, 'deal_people' AS fact, occurred_at, recorded_at FROM facts.deal_people
    UNION ALL
    SELECT source, 'spend' AS fact, occurred_at, recorded_at FROM facts.spend
    UNION ALL
    SELECT source, 'rates' AS fact, occurred_at, recorded_at FROM facts.rates
    UNION ALL
    SELECT source, 'web_totals' AS fact, occurred_at, recorded_at FROM facts.web_totals
    UNION ALL
    SELECT source, 'revenue' AS fact, occurred_at, recorded_at FROM facts.revenue
    UNION ALL
    SELECT source, 'usage' AS fact, occurred_at, recorded_at FROM facts.usage
    UNION ALL
    SELECT source, 'tickets' AS fact, occurred_at, recorded_at FROM facts.tickets
    UNION ALL
    SELECT source, 'feedback' AS fact, occurred_at, recorded_at FROM facts.feedback
    UNION ALL
    SELECT source, 'handoff_moves' AS fact, occurred_at, recorded_at FROM facts.handoff_moves
    UNION ALL
    SELECT source, 'content_uses' AS fact, occurred_at, recorded_at FROM facts.content_uses
    UNION ALL
    SELECT source, 'consents' AS fact, occurred_at, recorded_at FROM facts.consents
), dated AS (
    SELECT *, CASE WHEN occurred_at < recorded_at THEN occurred_at END AS at
    FROM found
)
SELECT
    dated.source,
    dated.fact,
    CAST(CAST(dated.at AS DATE) AS TIMESTAMP) AS day,
    count(*) AS facts,
    max(dated.at) AS newest_at,
    max(dated.recorded_at) AS recorded_at
FROM dated
CROSS JOIN as_of
WHERE dated.source <> 'accord' AND dated.occurred_at <= as_of.now
GROUP BY dated.source, dated.fact, CAST(CAST(dated.at AS DATE) AS TIMESTAMP)
