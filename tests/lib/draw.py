# SPDX-License-Identifier: Apache-2.0
"""The draw of a sample redone: SM3 written from GB/T 32905, strata by largest remainder. It shares
nothing with the program."""
from math import ceil


def rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF if n else x


def compress(v, block):
    w = [int.from_bytes(block[4 * i:4 * i + 4], "big") for i in range(16)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
        w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = rotate((rotate(a, 12) + e + rotate(t, j)) & 0xFFFFFFFF, 7)
        ss2 = ss1 ^ rotate(a, 12)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g & 0xFFFFFFFF)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        d, c, b, a = c, rotate(b, 9), a, tt1
        h, g, f, e = g, rotate(f, 19), e, tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17)
    return [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]


def sm3(data):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
         0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for i in range(0, len(padded), 64):
        v = compress(v, padded[i:i + 64])
    return b"".join(x.to_bytes(4, "big") for x in v)


def redraw(elements, share, seed):
    """elements: (stratum, id). Total rounded up; strata by largest remainder, ties by name."""
    strata = {}
    for stratum, name in elements:
        strata.setdefault(stratum, []).append(name)
    total = ceil(share * len(elements))
    places = {s: total * len(ids) // len(elements) for s, ids in strata.items()}
    rest = sorted(strata, key=lambda s: (-(total * len(strata[s]) % len(elements)), s.encode()))
    for s in rest[:total - sum(places.values())]:
        places[s] += 1
    drawn = []
    for s in sorted(strata, key=str.encode):
        hashed = [(sm3(seed.encode() + b"\0" + i.encode()), i) for i in strata[s]]
        drawn += [i for _, i in sorted(hashed)][:places[s]]
    return drawn
