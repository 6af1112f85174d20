"""What the benchmarks run with agno, each a program of its own, since agno is in another environment."""

from __future__ import annotations

__all__ = ["SHOW", "STORE", "TURN"]

_PROFILE = """from dataclasses import dataclass, field
from typing import Optional
from agno.db.sqlite import SqliteDb
from agno.learn.config import LearningMode, UserProfileConfig
from agno.learn.schemas import UserProfile
from agno.learn.stores.user_profile import UserProfileStore

@dataclass
class P(UserProfile):
    company: Optional[str] = field(default=None, metadata={"description": "Company or organization"})
"""

SHOW = f"""import json, sys
{_PROFILE}
store = UserProfileStore(config=UserProfileConfig(db=SqliteDb(db_file=sys.argv[1]), schema=P))
profile = store.get("alice")
if profile is None:
    profile = P(user_id="alice", name="Alice Chen", preferred_name="Ali", company="Globex")
    store.save("alice", profile)
print(json.dumps(profile.to_dict(), indent=2))
"""
"""Prints a stored profile: ``show.py FILE``. The first run stores it."""

TURN = f"""import json, sys, time
{_PROFILE}
from agno.agent import Agent
from agno.learn.machine import LearningMachine
from agno.models.openai import OpenAIChat

base_url, path, message, turns = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
model = OpenAIChat(id="gpt-5.2", base_url=base_url, api_key="sk-loopback-0123456789")
db = SqliteDb(db_file=path)
config = UserProfileConfig(db=db, model=model, mode=LearningMode.ALWAYS, schema=P)
UserProfileStore(config=config).save("alice", P(user_id="alice", name="Alice Chen", preferred_name="Ali", company="Globex"))
agent = Agent(model=model, db=db, telemetry=False, learning=LearningMachine(db=db, model=model, user_profile=config))
taken = []
for turn in range(turns):
    began = time.perf_counter()
    agent.run(message, user_id="alice", session_id=str(turn))
    taken.append(time.perf_counter() - began)
print(json.dumps(taken))
"""
"""An agent that learns a profile with every turn: ``turn.py BASE_URL FILE MESSAGE TURNS`` prints the seconds of each."""

STORE = f"""import json, random, sqlite3, sys, time
{_PROFILE}
    w0: Optional[str] = None
    w1: Optional[str] = None
    w2: Optional[str] = None
    w3: Optional[str] = None
    w4: Optional[str] = None
    w5: Optional[str] = None
    w6: Optional[str] = None
    w7: Optional[str] = None

path, users, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
store = UserProfileStore(config=UserProfileConfig(db=SqliteDb(db_file=path), schema=P))
if seed == "?":
    print(json.dumps(store.get("user0").to_dict()))
    sys.exit()
if seed.startswith("w"):
    for n in range(count):
        profile = store.get("user0") or P(user_id="user0")
        setattr(profile, seed, str(n))
        store.save("user0", profile)
    print(json.dumps({{}}))
    sys.exit()
if store.get("user0") is None:
    store.save("user0", P(user_id="user0", name="Alice Chen", company="Acme"))
    db = sqlite3.connect(path)
    (table,) = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if "learn" in r[0]]
    cursor = db.execute(f"SELECT * FROM {{table}}")
    names, row = [c[0] for c in cursor.description], cursor.fetchone()
    rows = [[str(v).replace("user0", f"user{{n}}") if isinstance(v, str) else v for v in row] for n in range(1, users)]
    id_column = names.index("learning_id")
    for n, copied in enumerate(rows, 1):
        copied[id_column] = store._build_profile_id(f"user{{n}}")
    db.executemany(f"INSERT INTO {{table}} VALUES ({{', '.join('?' * len(names))}})", rows)
    db.execute("ANALYZE")
    db.commit()
    db.close()
rng = random.Random(seed)
chosen = [f"user{{rng.randrange(users)}}" for _ in range(5 * count)]

def timed(work, count):
    began = time.perf_counter()
    for n, user in enumerate(chosen[:count]):
        work(n, user)
    return count / (time.perf_counter() - began)

def read(n, user):
    assert store.get(user) is not None

def update(n, user):
    store.save(user, P(user_id=user, name="Alice Chen", company=f"c{{seed}} {{n}}"))

def learn(n, user):
    profile = store.get(user)
    profile.company = f"d{{seed}} {{n}}"
    store.save(user, profile)

print(json.dumps({{"read": timed(read, 5 * count), "update": timed(update, count), "learn": timed(learn, count)}}))
"""
"""ANALYZE favours agno: without it SQLite may look a user up by the type of learning, which all rows share.

Operations a second: ``store.py FILE USERS COUNT SEED``. A seed ``wN`` writes field N of one user, ``?`` prints that user."""
