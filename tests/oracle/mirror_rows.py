"""Rows of schema github by psql: each a line of JSON, times as seconds since the epoch."""
import datetime
import json
import os
import subprocess


class MissingRelation(Exception):
    """psql's own words."""


def plain(column, value):
    """Times of any zone as seconds, so that they compare; U+0000 cannot be stored."""
    if column.endswith("_at") and isinstance(value, str):
        return datetime.datetime.fromisoformat(value).timestamp()
    return value


def readable(column, value):
    if column.endswith("_at") and isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).isoformat()
    return value


class Rows:
    def __init__(self, conninfo):
        self.conninfo = conninfo

    def query(self, relation, where):
        sql = (f'select row_to_json(found) from '
               f'(select * from github."{relation}" where {where}) found')
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo, "-c", sql],
            env={**os.environ, "PGTZ": "UTC"}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MissingRelation(done.stderr.strip())
        rows = [json.loads(line) for line in done.stdout.splitlines() if line]
        return [{column: plain(column, value) for column, value in row.items()} for row in rows]

    def table(self, relation, where, key):
        return {row[key]: row for row in self.query(relation, where)}

    def links(self, relation, where, columns):
        return {tuple(row[column] for column in columns) for row in self.query(relation, where)}

    def files(self, repository_id):
        found = {}
        where = ("pull_request_id in "
                 f"(select id from github.pull_request where repository_id = {repository_id})")
        for row in self.query("pull_request_file", where):
            found.setdefault(row["pull_request_id"], []).append(row)
        return found
