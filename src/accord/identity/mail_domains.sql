-- The company domains of the e-mail addresses met, without free-mail providers, and up to four parents each.
WITH met AS (
    SELECT DISTINCT split_part(actor, '@', 2) AS domain FROM names WHERE kind_no = 2 AND contains(actor, '@')
), company AS (
    SELECT met.domain
    FROM met
    ANTI JOIN free_mail_domains AS free ON met.domain = free.domain
    WHERE contains(met.domain, '.') AND met.domain = lower(trim(met.domain))
), once AS (
    SELECT domain, substr(domain, strpos(domain, '.') + 1) AS up_1 FROM company
), twice AS (
    SELECT *, CASE WHEN contains(up_1, '.') THEN substr(up_1, strpos(up_1, '.') + 1) END AS up_2 FROM once
), thrice AS (
    SELECT *, CASE WHEN contains(up_2, '.') THEN substr(up_2, strpos(up_2, '.') + 1) END AS up_3 FROM twice
)
SELECT
    domain,
    up_1,
    up_2,
    up_3,
    CASE WHEN contains(up_3, '.') THEN substr(up_3, strpos(up_3, '.') + 1) END AS up_4
FROM thrice
