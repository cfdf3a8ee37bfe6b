-- One row per conversion, model and credited touch; a conversion a model finds no touch for has one row '(none)'.
SELECT c.milestone, c.conversion, c.lead, c.deal, c.account, t.person, t.fact_id, t.at, c.converted_at,
       t.team, coalesce(t.channel, 'Unassigned') AS channel, t.campaign, t.origin, s.model,
       CAST(CAST(s.share AS DECIMAL(19, 0)) * CAST(0.000000001 AS DECIMAL(10, 9)) AS DECIMAL(38, 9)) AS share,
       CAST(CAST(s.value AS DECIMAL(28, 0)) * CAST(0.0001 AS DECIMAL(5, 4)) AS DECIMAL(18, 4)) AS value
FROM credit_shares AS s
JOIN conversions AS c ON c.conversion_no = s.conversion_no
JOIN buying_touches AS t ON t.group_no = c.group_no AND t.place = s.place
UNION ALL
SELECT c.milestone, c.conversion, c.lead, c.deal, c.account, CAST(NULL AS BIGINT) AS person,
       CAST(NULL AS VARCHAR) AS fact_id, CAST(NULL AS TIMESTAMP) AS at, c.converted_at,
       CAST(NULL AS VARCHAR) AS team, '(none)' AS channel, CAST(NULL AS VARCHAR) AS campaign,
       CAST(NULL AS VARCHAR) AS origin, m.model, CAST(1 AS DECIMAL(38, 9)) AS share, c.value
FROM conversions AS c
CROSS JOIN attribution_models AS m
LEFT JOIN (SELECT DISTINCT conversion_no, model FROM credit_shares) AS s
    ON s.conversion_no = c.conversion_no AND s.model = m.model
WHERE s.model IS NULL
