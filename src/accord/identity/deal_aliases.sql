-- Every name of a deal, those of mirrored records too, with the deal that counts: dense keys in order of name.
WITH named AS (
    SELECT subject, source || ':deal:' || source_id AS deal_id FROM facts.deals
), counted AS (
    SELECT named.subject, named.deal_id, row_number() OVER (ORDER BY named.deal_id) AS deal
    FROM named
    ANTI JOIN uncounted AS copy ON named.subject = copy.subject AND copy.table_name = 'deals'
)
SELECT deal_id, deal, subject, TRUE AS is_master FROM counted
UNION ALL
SELECT named.deal_id, counted.deal, named.subject, FALSE AS is_master
FROM named
JOIN uncounted AS copy ON named.subject = copy.subject AND copy.table_name = 'deals'
JOIN counted ON copy.master_subject = counted.subject
