-- From one rule's running sums at the ends of blocks: what all earlier blocks added, and what the one just before did.
SELECT
    lead, block, ends_before AS earlier,
    CASE WHEN block_before = block - 1 THEN ends_before - ends_two_before ELSE 0 END AS carried
FROM (
    SELECT
        lead, block,
        lag(block) OVER by_block AS block_before,
        coalesce(lag(ends) OVER by_block, 0) AS ends_before,
        coalesce(lag(ends, 2) OVER by_block, 0) AS ends_two_before
    FROM blocks
    WINDOW by_block AS (PARTITION BY lead ORDER BY block)
) AS neighbours
WHERE block_before IS NOT NULL
