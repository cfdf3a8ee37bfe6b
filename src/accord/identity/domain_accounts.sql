-- The account of each e-mail domain: the record of that domain, else the record of its nearest parent domain
-- of at least two labels, else an account made for the domain (the widest parent domain that people write from).
WITH parents AS (
    SELECT domain, domain AS candidate, 0 AS up FROM mail_domains
    UNION ALL
    SELECT domain, up_1 AS candidate, 1 AS up FROM mail_domains WHERE contains(up_1, '.')
    UNION ALL
    SELECT domain, up_2 AS candidate, 2 AS up FROM mail_domains WHERE contains(up_2, '.')
    UNION ALL
    SELECT domain, up_3 AS candidate, 3 AS up FROM mail_domains WHERE contains(up_3, '.')
    UNION ALL
    SELECT domain, up_4 AS candidate, 4 AS up FROM mail_domains WHERE contains(up_4, '.')
), found AS (
    SELECT
        parents.domain,
        coalesce(head.account_id, 'domain:' || parents.candidate) AS account_id,
        parents.candidate,
        row_number() OVER (
            PARTITION BY parents.domain
            ORDER BY
                CASE WHEN head.account_id IS NULL THEN 1 ELSE 0 END,
                CASE WHEN head.account_id IS NULL THEN -parents.up ELSE parents.up END
        ) AS nth
    FROM parents
    LEFT JOIN domain_records AS head ON parents.candidate = head.domain AND head.first
    LEFT JOIN mail_domains AS met ON parents.candidate = met.domain
    WHERE head.account_id IS NOT NULL OR met.domain IS NOT NULL
)
SELECT domain, account_id, candidate AS account_domain
FROM found
WHERE nth = 1
