-- Every name an account goes by, numbered from 0: names of records before those made from domains.
WITH mentioned AS (
    SELECT account_id FROM account_records
    UNION
    SELECT account_id FROM domain_accounts
    UNION
    SELECT account_id FROM facts.people
    UNION
    SELECT account_id FROM facts.source_leads
    UNION
    SELECT account_id FROM facts.activities
    UNION
    SELECT account_id FROM facts.deals
    UNION
    SELECT account_id FROM facts.revenue
    UNION
    SELECT account_id FROM facts.usage
    UNION
    SELECT account_id FROM facts.tickets
    UNION
    SELECT a AS account_id FROM stated_links WHERE about = 'account'
    UNION
    SELECT b AS account_id FROM stated_links WHERE about = 'account'
), kinds AS (
    SELECT account_id, CASE WHEN starts_with(account_id, 'domain:') THEN 1 ELSE 0 END AS kind_no
    FROM mentioned
    WHERE account_id IS NOT NULL
)
SELECT row_number() OVER (ORDER BY kind_no, account_id) - 1 AS name_no, account_id, kind_no
FROM kinds
