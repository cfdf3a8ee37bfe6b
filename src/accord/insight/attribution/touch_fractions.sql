-- What every credited touch earns as an exact fraction, part / whole, of its conversion.
WITH fractions AS (
    SELECT w.conversion_no, w.model, w.place, w.weight AS part, p.total_weight AS whole
    FROM position_weights AS w
    JOIN path_weights AS p ON p.conversion_no = w.conversion_no AND p.model = w.model
    UNION ALL
    SELECT p.conversion_no, p.model, t.place, p.middle_weight AS part, p.total_weight * p.middle_touches AS whole
    FROM path_weights AS p
    JOIN buying_touches AS t ON t.group_no = p.group_no AND t.place BETWEEN p.first_place AND p.last_place
    LEFT JOIN position_weights AS w
        ON w.conversion_no = p.conversion_no AND w.model = p.model AND w.place = t.place
    WHERE p.middle_weight > 0 AND p.middle_touches > 0 AND w.place IS NULL
    UNION ALL
    SELECT conversion_no, model, place, part, CAST(sum(part) OVER (PARTITION BY conversion_no) AS BIGINT) AS whole
    FROM decayed_touches
)
SELECT conversion_no, model, place, part, whole
FROM fractions
WHERE part > 0
