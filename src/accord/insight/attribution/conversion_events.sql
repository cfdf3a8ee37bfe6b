-- One row per milestone reached by now: a deal for stages entered by a deal and for expansion, a lead for all others.
-- group_no names the people whose touches may earn credit: of a lead its own person; of a deal everyone at the
-- account, else the deal's persons. (Everyone at the account for each of its leads would grow with the square of it.)
WITH events AS (
    SELECT s.stage_no, s.stage AS milestone, l.person_id || '#' || CAST(l.cycle_no AS VARCHAR) AS conversion_id,
           l.lead, CAST(NULL AS BIGINT) AS deal, l.account, l.person, e.at AS converted_at,
           CAST(NULL AS DECIMAL(18, 4)) AS value, coalesce(l.qualified_at, l.opened_at) AS lead_at,
           CAST(NULL AS TIMESTAMP) AS deal_at, CAST(NULL AS TIMESTAMP) AS won_at
    FROM stage_entries AS e
    JOIN stages AS s ON s.stage = e.stage
    JOIN leads AS l ON l.lead = e.lead
    WHERE e.basis = 'agreement' AND s.enter IS DISTINCT FROM 'deal_open' AND s.enter IS DISTINCT FROM 'deal_won'
    UNION ALL
    SELECT s.stage_no, s.stage AS milestone, d.deal_id AS conversion_id,
           dl.lead, d.deal, d.account, d.person,
           CASE WHEN s.enter = 'deal_open' THEN d.created_at ELSE d.closed_at END AS converted_at,
           v.value, coalesce(l.qualified_at, l.opened_at) AS lead_at, d.created_at AS deal_at,
           CASE WHEN s.enter <> 'deal_open' THEN d.closed_at END AS won_at
    FROM deals_counted AS d
    JOIN goals AS s
        ON s.enter = 'deal_open'
        OR (s.enter = 'deal_won' AND d.status = 'won')
        OR (s.enter = 'expansion' AND d.status = 'won' AND d.kind = 'expansion')
    LEFT JOIN deal_values AS v ON v.deal = d.deal
    LEFT JOIN deal_leads AS dl ON dl.deal = d.deal
    LEFT JOIN leads AS l ON l.lead = dl.lead
)
SELECT row_number() OVER (ORDER BY stage_no, coalesce(deal, 0), coalesce(lead, 0)) AS conversion, events.*,
       CASE WHEN deal IS NULL THEN person * 3
            WHEN account IS NOT NULL THEN account * 3 + 1
            ELSE deal * 3 + 2 END AS group_no
FROM events
CROSS JOIN as_of
WHERE converted_at <= as_of.now
