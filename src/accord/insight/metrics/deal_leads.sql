-- The lead a deal belongs to: its main person's cycle running when the deal was made (else the first contact
-- role's).
WITH contacts AS (
    SELECT d.deal, coalesce(d.person, min(p.person)) AS person, coalesce(d.created_at, d.closed_at) AS at
    FROM deals_counted AS d
    LEFT JOIN deal_persons AS p ON p.deal = d.deal
    GROUP BY d.deal, d.person, d.created_at, d.closed_at
), ranked AS (
    SELECT c.deal, l.lead, row_number() OVER (PARTITION BY c.deal ORDER BY l.opened_at DESC, l.lead DESC) AS nth
    FROM contacts AS c
    JOIN leads AS l ON l.person = c.person AND l.opened_at <= c.at
)
SELECT deal, lead
FROM ranked
WHERE nth = 1
