-- Every journey towards each milestone, ended or not, for credit from data: of a stage of leads that of each known
-- lead; of a deal's stage that of each deal, and that of each company (without one, person) that has none yet; of
-- expansion that of each such deal, and of each customer that has none yet.
-- `ended_at` of one that goes on still is now. `unit_no` is its company, without one its deal or person: what one buyer
-- does is not independent.
WITH reached AS (
    SELECT lead, stage, min("at") AS at FROM stage_entries WHERE basis = 'agreement' GROUP BY lead, stage
), of_leads AS (
    SELECT
        g.stage_no, g.stage AS milestone, CAST(NULL AS BIGINT) AS account, l.person, CAST(NULL AS BIGINT) AS deal,
        CASE WHEN r.at IS NOT NULL THEN 'converted' WHEN l.closed_at IS NOT NULL THEN 'lost' ELSE 'open' END AS outcome,
        coalesce(r.at, l.closed_at) AS ended_at, CAST(NULL AS DECIMAL(18, 4)) AS value, l.segment,
        CASE WHEN l.account IS NOT NULL THEN l.account * 3 + 1 ELSE l.person * 3 END AS unit_no
    FROM leads AS l
    CROSS JOIN stages AS g
    LEFT JOIN reached AS r ON r.lead = l.lead AND r.stage = g.stage
    WHERE l.known AND g.enter IS DISTINCT FROM 'deal_open' AND g.enter IS DISTINCT FROM 'deal_won'
), of_deals AS (
    SELECT
        g.stage_no, g.stage AS milestone, d.account, d.person, d.deal,
        CASE
            WHEN g.enter = 'deal_open' OR d.status = 'won' THEN 'converted'
            WHEN d.status = 'lost' THEN 'lost'
            ELSE 'open'
        END AS outcome,
        CASE
            WHEN g.enter = 'deal_open' THEN d.created_at
            WHEN d.status IN ('won', 'lost') THEN d.closed_at
        END AS ended_at,
        v.value, l.segment, CASE WHEN d.account IS NOT NULL THEN d.account * 3 + 1 ELSE d.deal * 3 + 2 END AS unit_no
    FROM deals_counted AS d
    JOIN goals AS g ON g.enter IN ('deal_open', 'deal_won') OR (g.enter = 'expansion' AND d.kind = 'expansion')
    LEFT JOIN deal_values AS v ON v.deal = d.deal
    LEFT JOIN deal_leads AS dl ON dl.deal = d.deal
    LEFT JOIN leads AS l ON l.lead = dl.lead
), without_deals AS (
    SELECT
        g.stage_no, g.stage AS milestone, b.account, b.person, CAST(NULL AS BIGINT) AS deal,
        CASE WHEN b.closed THEN 'lost' ELSE 'open' END AS outcome,
        CASE WHEN b.closed THEN b.closed_at END AS ended_at, CAST(NULL AS DECIMAL(18, 4)) AS value, b.segment,
        CASE WHEN b.account IS NOT NULL THEN b.account * 3 + 1 ELSE b.person * 3 END AS unit_no
    FROM (
        SELECT
            account, CASE WHEN account IS NULL THEN person END AS person, max(closed_at) AS closed_at,
            bool_and(closed_at IS NOT NULL) AS closed, min(segment) AS segment
        FROM leads
        WHERE known
        GROUP BY account, CASE WHEN account IS NULL THEN person END
    ) AS b
    JOIN stages AS g ON g.enter IN ('deal_open', 'deal_won')
    WHERE (b.account IS NULL OR b.account NOT IN (SELECT account FROM deals_counted WHERE account IS NOT NULL))
        AND (b.person IS NULL OR b.person NOT IN (SELECT person FROM deal_persons))
), not_expanded AS (
    SELECT
        g.stage_no, g.stage AS milestone, d.account, CAST(NULL AS BIGINT) AS person, CAST(NULL AS BIGINT) AS deal,
        'open' AS outcome, CAST(NULL AS TIMESTAMP) AS ended_at, CAST(NULL AS DECIMAL(18, 4)) AS value,
        min(l.segment) AS segment, d.account * 3 + 1 AS unit_no
    FROM deals_counted AS d
    JOIN goals AS g ON g.enter = 'expansion'
    LEFT JOIN deal_leads AS dl ON dl.deal = d.deal
    LEFT JOIN leads AS l ON l.lead = dl.lead
    WHERE d.status = 'won' AND d.account IS NOT NULL
        AND d.account NOT IN (SELECT account FROM deals_counted WHERE kind = 'expansion' AND account IS NOT NULL)
    GROUP BY g.stage_no, g.stage, d.account
), every_one AS (
    SELECT * FROM of_leads
    UNION ALL
    SELECT * FROM of_deals
    UNION ALL
    SELECT * FROM without_deals
    UNION ALL
    SELECT * FROM not_expanded
)
SELECT
    row_number() OVER (ORDER BY stage_no, coalesce(deal, 0), coalesce(account, 0), coalesce(person, 0), ended_at) AS journey,
    milestone, account, person, deal, outcome, coalesce(ended_at, as_of.now) AS ended_at, value, segment,
    unit_no
FROM every_one
CROSS JOIN as_of
WHERE (ended_at IS NULL AND outcome = 'open') OR ended_at <= as_of.now
