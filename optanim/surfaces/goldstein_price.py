import numpy as np

from optanim.surfaces._surface import Array, Surface


def goldstein_price() -> Surface:
    """Goldstein–Price: four minima in crossing valleys; losses from 3 to a million.

        f(x, y) = (1 + (s + 1)²(3s² − 14s + 19))·(30 + t²(3t² − 16t + 18))
        s = x + y, t = 2x − 3y

    Names: ko 골드스타인–프라이스 함수.

    Reference: Goldstein & Price 1971, "On descent from local minima", Mathematics of Computation
    25(115), 569–574; the paper writes it in x and y, without s and t.
    """

    def value(w: Array) -> Array:
        s, t = w[0] + w[1], 2 * w[0] - 3 * w[1]
        return (1 + (s + 1) ** 2 * (3 * s * s - 14 * s + 19)) * (
            30 + t * t * (3 * t * t - 16 * t + 18)
        )

    def gradient(w: Array) -> Array:
        s, t = w[0] + w[1], 2 * w[0] - 3 * w[1]
        a = 1 + (s + 1) ** 2 * (3 * s * s - 14 * s + 19)
        b = 30 + t * t * (3 * t * t - 16 * t + 18)
        along_s = 12 * (s + 1) * (s - 1) * (s - 2) * b
        along_t = 12 * t * (t - 1) * (t - 3) * a
        return np.array([along_s + 2 * along_t, along_s - 3 * along_t])

    def hessian(w: Array) -> Array:
        s, t = w[0] + w[1], 2 * w[0] - 3 * w[1]
        a = 1 + (s + 1) ** 2 * (3 * s * s - 14 * s + 19)
        b = 30 + t * t * (3 * t * t - 16 * t + 18)
        da, db = 12 * (s + 1) * (s - 1) * (s - 2), 12 * t * (t - 1) * (t - 3)
        ss = 12 * (3 * s * s - 4 * s - 1) * b
        tt = 12 * (3 * t * t - 8 * t + 3) * a
        st = da * db
        xy = ss - st - 6 * tt
        return np.array([[ss + 4 * st + 4 * tt, xy], [xy, ss - 6 * st + 9 * tt]])

    formula = (
        r"(1 + (s + 1)^2(3s^2 - 14s + 19))(30 + t^2(3t^2 - 16t + 18)),\ s = x + y,\ t = 2x - 3y"
    )
    return Surface(
        value, gradient, ((-2.0, 2.0), (-2.0, 2.0)), ((0.0, -1.0),), formula, hessian=hessian
    )
