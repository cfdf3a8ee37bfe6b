-- Shares in billionths and values in ten-thousandths, rounded down; what is left over goes to the earliest
-- credited touch. value = whole * (value // whole) + rest keeps every product within 64 bits.
WITH amounts AS (
    SELECT conversion_no, CAST(CAST(value AS DECIMAL(28, 4)) * 10000 AS BIGINT) AS amount
    FROM conversions
), rounded AS (
    SELECT f.conversion_no, f.model, f.place, a.amount,
           (f.part * 1000000000) // f.whole AS share,
           (a.amount // f.whole) * f.part + ((a.amount % f.whole) * f.part) // f.whole AS value
    FROM touch_fractions AS f
    JOIN amounts AS a ON a.conversion_no = f.conversion_no
), rest AS (
    SELECT conversion_no, model, min(place) AS place,
           1000000000 - CAST(sum(share) AS BIGINT) AS share,
           max(amount) - CAST(sum(value) AS BIGINT) AS value
    FROM rounded
    GROUP BY conversion_no, model
)
SELECT r.conversion_no, r.model, r.place,
       r.share + coalesce(e.share, 0) AS share,
       CASE WHEN e.place IS NULL THEN r.value ELSE r.value + e.value END AS value
FROM rounded AS r
LEFT JOIN rest AS e ON e.conversion_no = r.conversion_no AND e.model = r.model AND e.place = r.place
