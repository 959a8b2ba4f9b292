#!/usr/bin/env python3
"""Reads the fleet, its alerts and one train's readings from a running OpsPortal, and prints them as tables.

    python3 examples/notebook.py [address] [train]

With a personal token (made at /tokens) in OPSPORTAL_TOKEN it reads as you; without one it signs in as a persona, which
works on the machine the portal runs on.

Only Python's standard library is needed; every step can be pasted into a cell of a notebook as it is.
The API is described at /openapi/v1.json. Lists come in pages: follow "next" until it is null.
"""

import json
import os
import statistics
import sys
import urllib.error
import urllib.parse
import urllib.request

ADDRESS = "http://localhost:5080"


class Portal:
    """A signed-in caller of the API."""

    def __init__(self, address, persona="data-scientist", name="Notebook"):
        self._address = address.rstrip("/")
        self._token = os.environ.get("OPSPORTAL_TOKEN")
        if self._token:
            signed_in = self._ask("/api/me")
        else:
            signed_in = self._ask("/sign-in/persona", {"persona": persona, "name": name})
            self._token = signed_in["token"]
        self.name = f'{signed_in["name"]} ({", ".join(signed_in["roles"])})'

    def get(self, path, **parameters):
        """One answer."""
        query = urllib.parse.urlencode({key: value for key, value in parameters.items() if value is not None})
        return self._ask(path + ("?" + query if query else ""))

    def all(self, path, **parameters):
        """Every item of a list, page by page."""
        after = None
        while True:
            page = self.get(path, after=after, limit=1000, **parameters)
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def _ask(self, path, body=None):
        headers = {"accept": "application/json"}
        if self._token:
            headers["authorization"] = "Bearer " + self._token
        if body is not None:
            headers["content-type"] = "application/json"
        request = urllib.request.Request(self._address + path, None if body is None else json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            sys.exit(f'{path}: {refused.code}, {problem.get("detail") or problem.get("title")}')
        except urllib.error.URLError as unreachable:
            sys.exit(f"{self._address} cannot be reached: {unreachable.reason}")


def table(title, columns, rows):
    """Prints a table; numbers to the right."""
    rows = [["" if value is None else value for value in row] for row in rows]
    texts = [[f"{value:.2f}" if isinstance(value, float) else str(value) for value in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(columns, *texts)]

    def line(cells, values):
        return "  ".join(cell.rjust(width) if isinstance(value, (int, float)) else cell.ljust(width) for cell, width, value in zip(cells, widths, values)).rstrip()

    print(f"\n{title}\n")
    print(line(columns, rows[0] if rows else columns))
    print("  ".join("-" * width for width in widths))
    for cells, values in zip(texts, rows):
        print(line(cells, values))
    if not rows:
        print("(none)")


def show_fleet(portal):
    trains = list(portal.all("/api/fleet"))
    table(f"Fleet: {len(trains)} trains", ["train", "line", "depot", "state", "km/h", "worst alert", "as of"], [
        [train["id"], train["line"], train["depot"], train["connectivity"], (train["position"] or {}).get("speedKmh"), train["worstAlert"], train["asOf"]]
        for train in trains
    ])
    return trains


def show_alerts(portal):
    alerts = list(portal.all("/api/alerts", state="unacknowledged,acknowledged,returnedUnacknowledged"))
    table(f"Open alerts: {len(alerts)}", ["severity", "train", "state", "raised at", "anomalies", "why"], [
        [alert["severity"], alert["trainId"], alert["state"], alert["raisedAt"], alert["count"], alert["explanation"]]
        for alert in alerts
    ])
    return alerts


def show_readings(portal, train_id):
    train = portal.get(f"/api/trains/{urllib.parse.quote(train_id)}")
    rows = []
    for sensor in train["sensors"]:
        readings = portal.get(f'/api/trains/{urllib.parse.quote(train_id)}/readings', sensor=sensor["id"], resolution="1m")
        points = readings["points"]  # [time, min, mean, max], oldest first
        unreachable = sum(1 for span in readings["spans"] if span["kind"] == "arrivedLate")
        rows.append([
            sensor["id"], sensor["unit"], len(points),
            min((point[1] for point in points), default=None),
            statistics.fmean(point[2] for point in points) if points else None,
            max((point[3] for point in points), default=None),
            unreachable,
        ])
    table(f"Readings of {train['id']}, last 15 minutes, by the minute", ["sensor", "unit", "points", "lowest", "mean", "highest", "late spans"], rows)


def main():
    portal = Portal(sys.argv[1] if len(sys.argv) > 1 else ADDRESS)
    print(f"Signed in as {portal.name}")
    trains = show_fleet(portal)
    alerts = show_alerts(portal)
    if len(sys.argv) > 2:
        show_readings(portal, sys.argv[2])
    elif alerts or trains:
        show_readings(portal, alerts[0]["trainId"] if alerts else trains[0]["id"])


if __name__ == "__main__":
    main()
