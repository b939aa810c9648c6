import sqlite3


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def by_clause(self, clause):
        # deepruleid: sql-injection
        return self.db.execute("SELECT * FROM item WHERE " + clause).fetchall()

    def by_name(self, name):
        # ok: sql-injection
        return self.db.execute("SELECT * FROM item WHERE name = ?", (name,)).fetchall()
