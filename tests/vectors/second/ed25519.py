"""Ed25519 signatures by the strict rules of Protocol 1.3: no cofactor, nothing of small order, one encoding."""

from functools import lru_cache
from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z and T = XY/Z.
IDENTITY = (0, 1, 1, 0)


def add(one, other):
    """The sum of two points; the formula holds for all pairs, equal ones included."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * D * t1 * t2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(point):
    """Twice a point."""
    x, y, z, _ = point
    a, b = x * x % P, y * y % P
    c = 2 * z * z % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(point):
    """The point that adds up to nothing with this one."""
    x, y, z, t = point
    return P - x, y, z, P - t


def combine(s, one, k, other):
    """s times a point and k times another, bit by bit of both."""
    table = (IDENTITY, one, other, add(one, other))
    total = IDENTITY
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = double(total)
        pick = s >> bit & 1 | (k >> bit & 1) << 1
        if pick:
            total = add(total, table[pick])
    return total


def is_identity(point):
    """Whether the point is the neutral one."""
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0


def has_small_order(point):
    """Whether eight times the point is the identity."""
    return is_identity(double(double(double(point))))


def encode(point):
    """The 32 bytes of a point: y, and the lowest bit of x on top."""
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@lru_cache(maxsize=None)
def decode(encoded):
    """The point of 32 bytes; None where they are not the one encoding of a point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    # x² = (y² - 1) / (d·y² + 1)
    above, below = (y * y - 1) % P, (D * y * y + 1) % P
    square = above * pow(below, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_key(encoded):
    """Whether 32 bytes are a public key: the one encoding of a point that is not of small order."""
    point = decode(encoded)
    return point is not None and not has_small_order(point)


@lru_cache(maxsize=None)
def verify(key, message, signature):
    """Whether the signature is this key's over the message."""
    if not is_key(key):
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    commitment = decode(r)
    if s >= L or commitment is None or has_small_order(commitment):
        return False
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % L
    return encode(combine(s, BASE, k, negative(decode(key)))) == r


def public_key(seed):
    """The public key of a secret seed of 32 bytes."""
    return encode(combine(secret_scalar(seed), BASE, 0, IDENTITY))


def secret_scalar(seed):
    """The scalar that a seed stands for (RFC 8032, 5.1.5)."""
    number = int.from_bytes(sha512(seed).digest()[:32], "little")
    return number & ~7 & (1 << 254) - 1 | 1 << 254


def sign(seed, message):
    """The signature of a message (RFC 8032, 5.1.6)."""
    key = public_key(seed)
    r = int.from_bytes(sha512(sha512(seed).digest()[32:] + message).digest(), "little") % L
    commitment = encode(combine(r, BASE, 0, IDENTITY))
    k = int.from_bytes(sha512(commitment + key + message).digest(), "little") % L
    s = (r + k * secret_scalar(seed)) % L
    return commitment + s.to_bytes(32, "little")
