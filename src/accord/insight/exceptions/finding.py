"""What looking for exceptions starts from, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from accord.insight.periods import midnight
from accord.ledger.engine import Engine

if TYPE_CHECKING:
    from accord.agreement import Agreement

State = Literal["bad", "risk", "new"]
Team = Literal["marketing", "sales", "both"]

LONG_AGO = datetime(1, 1, 1)


@dataclass(frozen=True)
class Finding:
    """One exception. `data` are the numbers and names its sentences are made of (`words`).

    `page` and `filters` (names and values of the page's address) lead to the rows behind it. `size` ranks the
    findings of one kind: larger is worse.
    """

    kind: str
    state: State
    team: Team
    data: Mapping[str, Any]
    page: str
    filters: Mapping[str, str] = field(default_factory=dict)
    size: float = 0


@dataclass(frozen=True)
class Look:
    """The build looked at, the agreement it was made under, and the moment looked from (naive UTC)."""

    engine: Engine
    agreement: Agreement
    now: datetime

    def ask(self, name: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of `queries/<name>.sql`. Raises StepError."""
        sql = files(__package__).joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
        rows: list[dict[str, Any]] = self.engine.query(sql, parameters).to_pylist()
        return rows

    def ago(self, days: int) -> datetime:
        """The beginning of the local day so many days before today."""
        return midnight(self._local_day(self.now) - timedelta(days=days), self._zone)

    def days(self, since: datetime) -> dict[str, str]:
        """The local days from a moment up to now, as filters of a page: `from`, and `to`, the day after."""
        tomorrow = self._local_day(self.now) + timedelta(days=1)
        return {"from": self._local_day(since).isoformat(), "to": tomorrow.isoformat()}

    @property
    def live_since(self) -> datetime:
        """When the agreement went live: no clock runs for what was decided before."""
        if self.agreement.go_live is None:
            return LONG_AGO
        return midnight(self.agreement.go_live, self._zone)

    @property
    def _zone(self) -> str:
        return self.agreement.calendar.zone

    def _local_day(self, moment: datetime) -> date:
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self._zone)).date()
