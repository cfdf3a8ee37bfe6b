"""The demo company's hidden truth: a campaign aims at firms that are too small, and a backtest shows it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

from demo_company import UNTIL, demo_workspace, rows, truth


def test_leaving_out_small_firms_loses_the_wrong_audience_and_little_else(tmp_path: Path) -> None:
    space = demo_workspace()
    planted = truth(space)["diseases"]["wrong_audience"]
    text = (space.folder / "agreement.yaml").read_text()
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        text.replace("  exclude:\n", '  exclude:\n    - {name: small_firms, where: "employees < 100"}\n', 1)
    )
    with patch("accord.workspace.now", lambda: datetime.combine(UNTIL + timedelta(days=1), time())):
        found = space.backtest(draft, horizon=timedelta(days=60))
    assert found.flips_in == []
    campaign = rows(
        space,
        f"SELECT person_id FROM leads WHERE campaign = '{planted['campaign_id']}' AND segment = 'small' "
        f"AND qualified_at >= TIMESTAMP '{found.start}'",
    )
    wanted = {row["person_id"] for row in campaign}
    lost = {flip.person for flip in found.flips_out}
    assert wanted and wanted <= lost
    draft_share, baseline_share = (
        side.precision["accepted"].worked.share for side in (found.draft, found.baseline)
    )
    assert draft_share is not None and baseline_share is not None and draft_share > baseline_share
    assert {flip.rule for flip in found.flips_out} == {"excluded as small_firms"}
