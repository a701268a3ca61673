"""What every quantiser is shown: the same images for all of them, from one seed, as random as the
one that a comparison is made on."""

import numpy

SEED = 17
IMAGES = 16
ABOUT = f"calibration {SEED} {IMAGES}"  # for the key of what is kept


def calibration_inputs(shape):
    """Batches of N(0, 1) in a network's own order (NCHW), together IMAGES images or a few more."""
    random = numpy.random.default_rng(SEED)
    for _ in range(-(-IMAGES // shape[0])):
        yield random.standard_normal(shape, "f4")
