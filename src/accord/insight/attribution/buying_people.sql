-- The persons of the conversions without an account: the lead's own, or the deal's main person and contact roles.
SELECT DISTINCT c.group_no, c.person
FROM conversions AS c
WHERE c.account IS NULL AND c.person IS NOT NULL
UNION
SELECT DISTINCT c.group_no, p.person
FROM conversions AS c
JOIN deal_persons AS p ON p.deal = c.deal
WHERE c.account IS NULL AND p.person IS NOT NULL
