-- The persons of the conversions that are not a whole account's: a lead's own, or a deal's main person and its
-- contact roles.
SELECT DISTINCT c.group_no, c.person
FROM conversions AS c
WHERE (c.deal IS NULL OR c.account IS NULL) AND c.person IS NOT NULL
UNION
SELECT DISTINCT c.group_no, p.person
FROM conversions AS c
JOIN deal_persons AS p ON p.deal = c.deal
WHERE c.account IS NULL AND p.person IS NOT NULL
