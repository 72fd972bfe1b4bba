"""Files as they should not be: JSON with changed parts, and with changed bytes."""

import copy
import json
import random

HOSTILE = [
    None,
    True,
    -1,
    0,
    3,
    1e308,
    10**29,
    -0.0,
    "",
    "x" * 5_000,
    "\u202etxt",
    "a\x00b",
    "\ud800",
    "__class__",
    "__import__('os').system('true')",
    "<img src=x onerror=alert(1)>",
    "**bold** [a](javascript:1) $\\frac{1}{0}$",
    [],
    {},
    [[]] * 50,
    {"choice": {}},
    {"metric": {"column": "test_loss", "at_most": 1e999}},
    {"equal": {"values": [[1, 2], [3]]}},
    {"equal": {"values": [[[[[[[1]]]]]]]}},
    {"shelf": "A_rand_1000x1000*B_matmul_A_A"},
    "A_rand_100x100*B_matmul_A_A" + "*B_matmul_B_A" * 58,
    {"epochs": "5000", "hidden": "16-16-16-16", "batch_size": "1", "points": "2000"},
    {"own": "p".join(f"{n}x{n}x{n % 2}" for n in range(2_000))},
    {"schedule": "1-lr-0.1--2-lr-0.2"},
    {"data_dir": "/etc"},
    {"device": "cuda"},
]


def mutated(plain, seed):
    """The bytes of a file like this one, with up to three things changed."""
    chance = random.Random(seed)
    changed = copy.deepcopy(plain)
    if chance.random() < 0.75:
        for _ in range(chance.randint(1, 3)):
            _change(changed, chance)
    text = json.dumps(changed, ensure_ascii=chance.random() < 0.5)
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 4)):
            _damage(data, chance)
    return bytes(data)


def _change(plain, chance):
    """Change, remove, double or rename one part anywhere in it."""
    places = [*_places(plain)]
    there, key = chance.choice(places)
    act = chance.randrange(5)
    if act == 0:
        del there[key]
    elif act == 1 and isinstance(there, list):
        there.extend(copy.deepcopy(there[key : key + 1]) * chance.choice([1, 30]))
    elif act == 2 and isinstance(there, dict):
        there[chance.choice(["", "id", "lesson", "start", "__init__", key.upper()])] = there.pop(key)
    elif act == 3:
        _, other = chance.choice(places), chance.choice(places)
        there[key] = copy.deepcopy(other[0][other[1]])
    else:
        there[key] = copy.deepcopy(chance.choice(HOSTILE))


def _places(plain):
    """Every part, as its container and its key, from the outside in."""
    keys = plain if isinstance(plain, dict) else range(len(plain))
    for key in [*keys]:
        yield plain, key
        if isinstance(plain[key], dict | list):
            yield from _places(plain[key])


def _damage(data, chance):
    at = chance.randrange(len(data) + 1)
    act = chance.randrange(5)
    if act == 0:
        data[at : at + 1] = bytes([chance.randrange(256)])
    elif act == 1:
        del data[at : at + chance.choice([1, 1, 50])]
    elif act == 2:
        data[at:at] = chance.choice([b"[" * 50_000, b"9" * 400, b"NaN", b"\\u0000", b'"', b",", b"{}", b"\xff\xfe"])
    elif act == 3:
        data[at:at] = data[at : at + 200] * 2
    else:
        data[at : at + 1] = b"e9" * chance.choice([1, 300])
